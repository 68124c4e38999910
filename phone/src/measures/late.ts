/** Receipts that came after the form had moved on: told while the car may still stand there, also after a restart. */
import { liveQuery } from 'dexie';
import { computed, reactive, shallowRef } from 'vue';
import type { OutboxEntry } from '../outbox/entry';
import { noteShown } from '../outbox/store';
import { database } from '../storage/database';
import { wasTold } from './told';

const STILL_THERE_MS = 15 * 60_000;

const unseen = shallowRef<OutboxEntry[]>([]);
/** Records whose receipt the form itself is waiting for. */
export const awaited = reactive(new Set<string>());

/** Oldest first. */
export const late = computed(() => unseen.value.filter((entry) => !awaited.has(entry.id)));

/** Records of the last quarter of an hour in which somebody must not simply drive on, and nobody was told yet. */
export function readUnseen(now: number): Promise<OutboxEntry[]> {
  return database.outbox.where('unseenAct').above(now - STILL_THERE_MS).toArray();
}

/** What the phone had already told by itself needs no second look; what it told otherwise has a list of its own (disagreements/). */
export function sortOut(entries: OutboxEntry[], now: number): OutboxEntry[] {
  const isKnown = ({ receipt, told }: OutboxEntry) => receipt !== null && wasTold(receipt, told);
  for (const entry of entries.filter(isKnown)) void noteShown(entry.id, now);
  return entries.filter((entry) => !isKnown(entry) && !entry.disagrees);
}

export function followLate(): void {
  liveQuery(() => readUnseen(Date.now())).subscribe((entries) => (unseen.value = sortOut(entries, Date.now())));
}
