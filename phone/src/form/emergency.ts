/** An ambulance does not wait: one tap saves that it passed, the rest is added later under the same record. */
import { shallowRef } from 'vue';
import type { WirePassage } from '../api/contract';
import { preferences } from '../device/preferences';
import { mintId } from '../identity/uuid7';
import { dispatch } from '../outbox/dispatch';
import { addToOutbox } from '../outbox/store';
import { database } from '../storage/database';
import { readSetting, writeSetting } from '../storage/settings';
import { emptyCar } from './draft';
import { thisPost } from './finish';
import { noteLatest } from './latest';
import { toPassage } from './passage';

const KEY = 'unfinished';
const KEPT_MS = 7 * 24 * 3_600_000;

/** What was saved in one tap and waits to be completed, oldest first. No plate, name or number is in it. */
export const unfinished = shallowRef<WirePassage[]>([]);

export async function loadUnfinished(now: number): Promise<void> {
  const kept = (await readSetting<WirePassage[]>(KEY)) ?? [];
  unfinished.value = kept.filter((passage) => now - Date.parse(passage.occurred_at) < KEPT_MS);
}

/** `note` is what stands for the plate, 急救车辆. Rejects when storage is full. */
export async function saveEmergency(note: string, now: number): Promise<void> {
  const car = { ...emptyCar({ ...preferences, transport: 'OTHER_VEHICLE' }), id: mintId(now), purpose: 'EMERGENCY', vehicleNote: note };
  const passage = toPassage(car, thisPost(), new Date(now).toISOString());
  await addToOutbox({ kind: 'PASSAGE', passage }, now);
  noteLatest(passage.id);
  void dispatch();
  // The number it left with belongs to the header, which must be the same when it is sent again.
  const seq = (await database.outbox.get(passage.id))?.seq;
  await keep([...unfinished.value, { ...passage, ...(seq ? { seq } : {}) }]);
}

export function isUnfinished(id: string): boolean {
  return unfinished.value.some((passage) => passage.id === id);
}

/** Completed, or nobody will ever know more. */
export async function noteFinished(id: string): Promise<void> {
  if (isUnfinished(id)) await keep(unfinished.value.filter((passage) => passage.id !== id));
}

async function keep(passages: WirePassage[]): Promise<void> {
  unfinished.value = passages;
  await writeSetting(KEY, passages);
}
