/** The order of the day: where to go first, what is done, what comes next. Pure. */
import type { Door, DoorPerson } from './contract';
import { isOpen, ofPerson, type BySubject } from './standing';

export const FILTERS = ['OPEN', 'DONE', 'ALL'] as const;
export type Filter = (typeof FILTERS)[number];

export interface Stop {
  key: string;
  door: Door;
  open: number;
  urgent: boolean;
  late: boolean;
  waiting: boolean;
  aside: boolean;
}

export function keyOf(door: Door): string {
  return door.household ?? door.people[0]?.referral ?? door.address;
}

/** Also by anybody behind it: the list may be read anew while the door is on the screen. */
export function find(stops: Stop[], key: string): Stop | null {
  return stops.find((stop) => stop.key === key || stop.door.people.some(({ referral }) => referral === key)) ?? null;
}

export function stopsOf(doors: Door[], said: BySubject, asOf: number, now: number): Stop[] {
  return doors.map((door) => {
    const standings = door.people.map((person) => ({ person, standing: ofPerson(person, said, asOf) }));
    const open = standings.filter(({ standing }) => isOpen(standing.state));
    return {
      key: keyOf(door),
      door,
      open: open.length,
      urgent: open.some(({ person }) => person.urgent),
      late: open.some(({ person, standing }) => isLate(person, standing.state, now)),
      waiting: standings.some(({ standing }) => standing.mark === 'WAITING'),
      aside: standings.some(({ standing }) => standing.mark === 'ASIDE'),
    };
  });
}

/** Nobody has taken the person over, and the time for it is over: as the server said, or by the clock since. */
function isLate(person: DoorPerson, state: string, now: number): boolean {
  if (state !== 'SENT') return false;
  return person.late || (person.due_at !== null && Date.parse(person.due_at) < now);
}

/** Urgent doors first, then as one walks. */
export function inOrder(stops: Stop[]): Stop[] {
  const first = (stop: Stop): boolean => stop.urgent && stop.open > 0;
  return [...stops.filter(first), ...stops.filter((stop) => !first(stop))];
}

export function chosen(stops: Stop[], filter: Filter): Stop[] {
  if (filter === 'ALL') return stops;
  return stops.filter(({ open }) => (filter === 'OPEN') === open > 0);
}

export interface Progress {
  done: number;
  all: number;
}

export function progressOf(stops: Stop[]): Progress {
  return { done: stops.filter(({ open }) => !open).length, all: stops.length };
}

/** The next door with somebody to find: onward from this one, then from the beginning; null when there is none. */
export function nextAfter(stops: Stop[], key: string): Stop | null {
  const ordered = inOrder(stops);
  const at = ordered.findIndex((stop) => stop.key === key);
  const onward = [...ordered.slice(at + 1), ...ordered.slice(0, Math.max(0, at))];
  return onward.find(({ open }) => open > 0) ?? null;
}

/** Doors whose number, address or resident is looked for. */
export function matches(words: string, ...texts: string[]): boolean {
  const query = words.normalize('NFKC').replace(/\s/g, '').toLowerCase();
  return !query || texts.some((text) => text.normalize('NFKC').replace(/\s/g, '').toLowerCase().includes(query));
}
