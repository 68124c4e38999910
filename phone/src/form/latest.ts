/** The last twenty cars saved on this page: to look again, to undo, to correct, while they can still be read. */
import { liveQuery } from 'dexie';
import { computed, shallowRef, watch } from 'vue';
import type { MeasureKind, WirePassage } from '../api/contract';
import { leadOf, strongestFirst } from '../measures/measures';
import type { OutboxEntry, OutboxState } from '../outbox/entry';
import { readable } from '../outbox/readable';
import { database } from '../storage/database';

export interface LatestCar {
  id: string;
  at: number;
  state: OutboxState;
  people: number;
  /** Each person's strongest measure: the server's word, or the phone's own until it comes. */
  leads: MeasureKind[];
  /** Null when its clear copy is gone. */
  passage: WirePassage | null;
}

const KEPT = 20;

const ids = shallowRef<string[]>([]);
const entries = shallowRef<OutboxEntry[]>([]);

export function noteLatest(id: string): void {
  ids.value = [id, ...ids.value.filter((one) => one !== id)].slice(0, KEPT);
}

/** Newest first. */
export const latest = computed<LatestCar[]>(() => entries.value.map(toLatest));

export function followLatest(): void {
  let following: { unsubscribe: () => void } | undefined;
  watch(
    ids,
    (wanted) => {
      following?.unsubscribe();
      following = liveQuery(() => database.outbox.bulkGet(wanted)).subscribe((found) => {
        entries.value = found.filter((entry) => entry !== undefined);
      });
    },
    { immediate: true },
  );
}

function toLatest(entry: OutboxEntry): LatestCar {
  const { id, capturedAt: at, state, peopleCount: people } = entry;
  return { id, at, state, people, leads: leadsOf(entry), passage: clearCopy(entry) };
}

function leadsOf(entry: OutboxEntry): MeasureKind[] {
  const answered = entry.receipt?.people.map(leadOf);
  const decided = Object.values(entry.told ?? {}).map((measures) => strongestFirst(measures)[0]?.kind ?? null);
  return (answered ?? decided).filter((kind) => kind !== null);
}

function clearCopy(entry: OutboxEntry): WirePassage | null {
  const item = readable(entry.id);
  return item?.kind === 'PASSAGE' ? item.passage : null;
}
