/** A coach on the form: who of its list is in, who is new, who is missing. Pure. */
import type { RosterAnswer, RosterLine } from '../api/declared';
import { isBlankPerson, type PersonDraft } from '../form/draft';

/** Which people of the form came from which declaration. */
export type Taken = Record<string, string[]>;

export interface Row {
  person: PersonDraft;
  seat: string;
}

export interface Tally {
  people: number;
  expected: number;
  measured: number;
  /** Neither declared nor typed. */
  missing: number;
}

/** Declarations that are not in the form yet. */
export function freshLines(answer: RosterAnswer, taken: Taken): RosterLine[] {
  return answer.declarations.filter(({ id }) => !taken[id]);
}

/** People whose declaration its maker has replaced since, as long as nobody has measured them. */
export function withdrawn(answer: RosterAnswer, taken: Taken, people: readonly PersonDraft[]): PersonDraft[] {
  const listed = new Set(answer.declarations.map(({ id }) => id));
  const gone = new Set(Object.entries(taken).filter(([id]) => !listed.has(id)).flatMap(([, ids]) => ids));
  return people.filter(({ id, temperatureState }) => gone.has(id) && temperatureState === null);
}

/** By seat, as one walks down the aisle: 2A before 10A; without a seat at the end. */
export function rowsOf(people: readonly PersonDraft[]): Row[] {
  const rows = people.filter((person) => !isBlankPerson(person)).map((person) => ({ person, seat: seatOf(person) }));
  return rows.sort((a, b) => Number(!a.seat) - Number(!b.seat) || a.seat.localeCompare(b.seat, 'zh', { numeric: true }));
}

export function seatOf(person: PersonDraft): string {
  const seat = person.answers.SEAT;
  return typeof seat === 'string' ? seat : '';
}

export function tallyOf(rows: readonly Row[], expected: number): Tally {
  const measured = rows.filter(({ person }) => person.temperatureState !== null).length;
  return { people: rows.length, expected, measured, missing: Math.max(0, expected - rows.length) };
}

/** The next one down the aisle who has not been measured, from this one on and then from the front. */
export function nextUnmeasured(rows: readonly Row[], after: string | null): string | null {
  const place = rows.findIndex(({ person }) => person.id === after);
  const ahead = [...rows.slice(place + 1), ...rows.slice(0, Math.max(0, place))];
  return ahead.find(({ person }) => person.temperatureState === null)?.person.id ?? null;
}
