/** Records on which the server decided otherwise than the phone had told, until an officer says that he has seen to it. */
import { liveQuery } from 'dexie';
import { shallowRef, watch } from 'vue';
import type { MeasureKind, PersonReceipt } from '../api/contract';
import { vibrate } from '../measures/measures';
import { disagreeing, saysTheSame, toldFrom, type ToldMeasure } from '../measures/told';
import type { OutboxEntry } from '../outbox/entry';
import { database } from '../storage/database';

export interface Disagreement {
  person: PersonReceipt;
  /** From 1, as in the form. */
  place: number;
  told: ToldMeasure[];
  acts: ActWord[];
}

/** What is to be done: for each kind that came anew, once when something told no longer holds, or nothing at all. */
export type ActWord = MeasureKind | 'NO_LONGER' | 'NONE';

/** Oldest first: that car is furthest away. */
export const disagreements = shallowRef<OutboxEntry[]>([]);

export function readDisagreements(): Promise<OutboxEntry[]> {
  return database.outbox.where('disagrees').equals(1).sortBy('capturedAt');
}

export function followDisagreements(): void {
  liveQuery(readDisagreements).subscribe((entries) => (disagreements.value = entries));
  watch(disagreements, (now, before) => {
    if (now.length > before.length) vibrate('QUARANTINE');
  });
}

/** From now on it is the server's word that was told. */
export async function acknowledge({ id, receipt }: OutboxEntry, at: number): Promise<void> {
  const told = receipt ? toldFrom(receipt) : undefined;
  await database.outbox.update(id, { disagrees: undefined, unseenAct: undefined, shownAt: at, told });
}

export function disagreementsOf({ receipt, told }: OutboxEntry): Disagreement[] {
  if (!receipt) return [];
  return disagreeing(receipt, told).map((person) => {
    const before = told![person.id]!;
    return { person, place: receipt.people.indexOf(person) + 1, told: before, acts: actsOf(before, person.measures) };
  });
}

function actsOf(told: ToldMeasure[], decided: ToldMeasure[]): ActWord[] {
  const missingIn = (others: ToldMeasure[]) => (one: ToldMeasure) => one.kind !== 'REGISTER' && !others.some((other) => saysTheSame([one], [other]));
  const came: ActWord[] = decided.filter(missingIn(told)).map(({ kind }) => kind);
  const acts: ActWord[] = told.some(missingIn(decided)) ? [...came, 'NO_LONGER'] : came;
  return acts.length ? acts : ['NONE'];
}
