/** How people and doors stand: the server's list, and over it what this phone has said since. Pure. */
import type { Bilingual } from '../api/contract';
import type { AnswerRow } from './answers';
import type { DoorPerson, Household, Occupancy, ReferralState, StayState } from './contract';

/** WAITING: not sent. ASIDE: the server did not take it, and nobody has read why. */
export type Mark = 'WAITING' | 'ASIDE' | null;

export interface Standing<S extends string> {
  state: S;
  mark: Mark;
  say: Bilingual | null;
  /** When this phone said so, or the server's word; null: nothing was said yet. */
  at: number | null;
}

/** By what an answer was about, in the order they were given. */
export type BySubject = ReadonlyMap<string, AnswerRow[]>;

export function bySubject(rows: AnswerRow[]): BySubject {
  const found = new Map<string, AnswerRow[]>();
  for (const row of [...rows].sort((a, b) => a.seq - b.seq)) {
    const key = keyOf(row.about.kind, row.about.subject);
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return found;
}

export function rowsAbout(said: BySubject, kind: AnswerRow['about']['kind'], subject: string): AnswerRow[] {
  return said.get(keyOf(kind, subject)) ?? [];
}

const keyOf = (kind: string, subject: string): string => `${kind} ${subject}`;

/** What lies over the list: the last that is newer than it. What the server put aside changes nothing but is marked. */
export function over<S extends string>(rows: AnswerRow[], known: S, asOf: number): Standing<S> {
  const last = rows[rows.length - 1];
  if (!last) return { state: known, mark: null, say: null, at: null };
  const said = last.about.said as S;
  if (last.state === 'UNSENT') return { state: said, mark: 'WAITING', say: null, at: last.capturedAt };
  if (last.state === 'SET_ASIDE' || last.state === 'CONFLICT') return { state: known, mark: 'ASIDE', say: last.receipt?.say ?? last.error, at: last.capturedAt };
  const isNewer = last.state === 'ACKNOWLEDGED' && (last.settledAt ?? 0) >= asOf;
  return { state: isNewer ? tookAs(last, said) : known, mark: null, say: last.receipt?.say ?? null, at: last.capturedAt };
}

/** What the server made of it. SENT is the clock of wherever the person was sent on to: here it is done. */
function tookAs<S extends string>({ receipt }: AnswerRow, said: S): S {
  const state = receipt?.order_state ?? receipt?.state;
  return state && state !== 'SENT' ? (state as string as S) : said;
}

export function ofPerson(person: DoorPerson, said: BySubject, asOf: number): Standing<ReferralState> {
  const standing = over<ReferralState>(rowsAbout(said, 'REFERRAL', person.referral), person.state, asOf);
  const at = person.answered ? Date.parse(person.answered.at) : NaN;
  return standing.at === null && !Number.isNaN(at) ? { ...standing, at } : standing;
}

export function ofResident(person: string, known: StayState, said: BySubject, asOf: number): Standing<StayState> {
  return over<StayState>(rowsAbout(said, 'STAY', person), known, asOf);
}

/** How often this phone found nobody; once where only the server knows of it. */
export function attempts(person: DoorPerson, said: BySubject): number {
  const own = rowsAbout(said, 'REFERRAL', person.referral).filter(({ about }) => about.said === 'NOT_HERE').length;
  return own || (person.state === 'NOT_HERE' ? 1 : 0);
}

/** Somebody still has to go there. */
export function isOpen(state: ReferralState): boolean {
  return state === 'SENT' || state === 'ACCEPTED' || state === 'NOT_HERE';
}

export type HouseholdState = 'UNVERIFIED' | 'VERIFIED' | 'STALE' | 'VACANT' | 'RENTED' | 'MOVED';

export interface HouseholdStanding {
  state: HouseholdState;
  occupancy: Occupancy;
  mark: Mark;
}

export function ofHousehold(household: Household, said: BySubject, asOf: number): HouseholdStanding {
  const rows = rowsAbout(said, 'HOUSEHOLD', household.id);
  const verified = over<string>(rows.filter(({ about }) => about.said === 'VERIFIED'), '', asOf);
  const lived = over<Occupancy>(rows.filter(({ about }) => about.said !== 'VERIFIED'), household.occupancy, asOf);
  const { state: occupancy } = lived;
  const mark = verified.mark ?? lived.mark;
  if (occupancy !== 'OCCUPIED') return { state: occupancy, occupancy, mark };
  const isSeen = verified.state === 'VERIFIED' || (household.verified_on !== null && !household.stale);
  return { state: isSeen ? 'VERIFIED' : household.verified_on ? 'STALE' : 'UNVERIFIED', occupancy, mark };
}
