/** The figures that are always on the screen, kept true across tabs. */
import { liveQuery } from 'dexie';
import { reactive } from 'vue';
import { startOfShanghaiDay } from '../clock/shanghai';
import { inState, settledSince } from './byState';
import type { OutboxState } from './entry';

export type Counts = Record<OutboxState, number>;

export const counts = reactive<Counts>({ UNSENT: 0, HELD: 0, SET_ASIDE: 0, CONFLICT: 0, ACKNOWLEDGED: 0 });

/** Conflicts and acknowledgements are today's; what waits is counted whole. Counted by the indexes: nothing is loaded. */
export async function countNow(now: number): Promise<Counts> {
  const today = startOfShanghaiDay(now);
  return {
    UNSENT: await inState('UNSENT').count(),
    HELD: await inState('HELD').count(),
    SET_ASIDE: await inState('SET_ASIDE').count(),
    CONFLICT: await settledSince('CONFLICT', today).count(),
    ACKNOWLEDGED: await settledSince('ACKNOWLEDGED', today).count(),
  };
}

export function followCounts(): void {
  liveQuery(() => countNow(Date.now())).subscribe((figures) => Object.assign(counts, figures));
}
