/** Doors with people under observation: as one walks, and where to go first. Pure. */
import type { ObservedPerson } from './contract';
import { STANDS, type OrderStanding, type Stand } from './standing';

export interface ObservedOne {
  person: ObservedPerson;
  standing: OrderStanding;
}

export interface ObservedDoor {
  key: string;
  address: string;
  code: string | null;
  people: ObservedOne[];
  /** Of whoever is the most pressing there. */
  stand: Stand;
}

export const FILTERS = ['OPEN', 'DONE', 'ALL'] as const;
export type Filter = (typeof FILTERS)[number];

const keyOf = ({ household, address, order }: ObservedPerson): string => household ?? (address || order);

/** In the order of the list, which is that of the walk; a household stands at one door. */
export function doorsOf(people: ObservedOne[]): ObservedDoor[] {
  const found = new Map<string, ObservedOne[]>();
  for (const one of people) found.set(keyOf(one.person), [...(found.get(keyOf(one.person)) ?? []), one]);
  return [...found.values()].map((behind) => {
    const { order, address, code } = behind[0]!.person;
    const stands = behind.map(({ standing }) => STANDS.indexOf(standing.stand));
    return { key: order, address, code, people: behind, stand: STANDS[Math.min(...stands)]! };
  });
}

/** By anybody behind it: the list may be read anew while the door is on the screen. */
export function findDoor(doors: ObservedDoor[], key: string): ObservedDoor | null {
  return doors.find(({ people }) => people.some(({ person }) => person.order === key)) ?? null;
}

export function isOpen(stand: Stand): boolean {
  return stand !== 'DONE' && stand !== 'OVER';
}

export function chosenDoors(doors: ObservedDoor[], filter: Filter): ObservedDoor[] {
  return filter === 'ALL' ? doors : doors.filter(({ stand }) => (filter === 'OPEN') === isOpen(stand));
}

/** Who is missing first; within a section as one walks. */
export function sectionsOf(doors: ObservedDoor[]): { stand: Stand; doors: ObservedDoor[] }[] {
  return STANDS.map((stand) => ({ stand, doors: doors.filter((door) => door.stand === stand) })).filter((one) => one.doors.length);
}

/** The next door that is open: those that are missing first, onward from this one, then from the beginning. */
export function nextDoor(doors: ObservedDoor[], key: string): ObservedDoor | null {
  const ordered = sectionsOf(doors).flatMap((section) => section.doors);
  const here = findDoor(ordered, key);
  const at = here ? ordered.indexOf(here) : -1;
  const onward = [...ordered.slice(at + 1), ...ordered.slice(0, Math.max(0, at))];
  return onward.find(({ stand }) => isOpen(stand)) ?? null;
}

/** Of those from whom a report is asked in this half-day: how many gave one. */
export function progressOf(people: ObservedOne[]): { done: number; all: number } {
  const asked = people.filter(({ standing }) => ['MISSED', 'SYMPTOMATIC', 'DUE', 'DONE'].includes(standing.stand));
  return { done: asked.filter(({ standing }) => standing.stand === 'DONE' || standing.stand === 'SYMPTOMATIC').length, all: asked.length };
}
