/** Receipts that came after the form had moved on: told while the car may still stand there, also after a restart. */
import { liveQuery } from 'dexie';
import { computed, reactive, shallowRef } from 'vue';
import type { OutboxEntry } from '../outbox/entry';
import { settledSince } from '../outbox/store';
import { needsAct } from './measures';

const STILL_THERE_MS = 15 * 60_000;

const unseen = shallowRef<OutboxEntry[]>([]);
/** Records whose receipt the form itself is waiting for. */
export const awaited = reactive(new Set<string>());

/** Oldest first. */
export const late = computed(() => unseen.value.filter((entry) => !awaited.has(entry.id)));

/** Settled records of the last quarter of an hour in which somebody must not simply drive on, and nobody was told yet. */
export async function readUnseen(now: number): Promise<OutboxEntry[]> {
  const since = now - STILL_THERE_MS;
  const settled = [await settledSince('ACKNOWLEDGED', since).toArray(), await settledSince('CONFLICT', since).toArray()].flat();
  return settled.filter((entry) => entry.shownAt === null && entry.capturedAt > since && entry.receipt !== null && needsAct(entry.receipt));
}

export function followLate(): void {
  liveQuery(() => readUnseen(Date.now())).subscribe((entries) => (unseen.value = entries));
}
