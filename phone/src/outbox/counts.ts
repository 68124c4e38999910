/** The figures that are always on the screen, kept true across tabs. */
import { liveQuery } from 'dexie';
import { reactive } from 'vue';
import { startOfShanghaiDay } from '../clock/shanghai';
import { inState, settledSince } from './store';

export const counts = reactive({ UNSENT: 0, SET_ASIDE: 0, CONFLICT: 0, ACKNOWLEDGED: 0 });

/** Conflicts and acknowledgements are today's; what waits is counted whole. */
async function count(): Promise<typeof counts> {
  const today = startOfShanghaiDay(Date.now());
  return {
    UNSENT: await inState('UNSENT').count(),
    SET_ASIDE: await inState('SET_ASIDE').count(),
    CONFLICT: await settledSince('CONFLICT', today).count(),
    ACKNOWLEDGED: await settledSince('ACKNOWLEDGED', today).count(),
  };
}

export function followCounts(): void {
  liveQuery(count).subscribe((figures) => Object.assign(counts, figures));
}
