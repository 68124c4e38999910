/** What officers were shown before the server answered, so that an answer that says the same troubles nobody again. */
import { shallowReactive } from 'vue';
import type { Receipt, WireMeasure } from '../api/contract';
import { saysTheSame } from '../form/decision';

/** By person, for one passage. */
export type Told = ReadonlyMap<string, WireMeasure[]>;

const KEPT = 50;
const toldOf = shallowReactive(new Map<string, Told>());

export function noteTold(passageId: string, told: Told): void {
  toldOf.set(passageId, told);
  for (const oldest of toldOf.keys()) {
    if (toldOf.size <= KEPT) return;
    toldOf.delete(oldest);
  }
}

export function told(passageId: string): Told | null {
  return toldOf.get(passageId) ?? null;
}

/** Whether everybody in this receipt has already been told exactly this. */
export function wasTold(receipt: Receipt): boolean {
  const before = toldOf.get(receipt.id);
  return before !== undefined && receipt.people.every((person) => saysTheSame(before.get(person.id) ?? [], person.measures));
}
