/** The figures that are always on the screen, kept true across tabs. Counted by the indexes: nothing is loaded. */
import { liveQuery } from 'dexie';
import { reactive } from 'vue';
import { rows } from './answers';

export const counts = reactive({ waiting: 0, aside: 0, kept: 0 });

export async function countNow(): Promise<typeof counts> {
  return {
    waiting: await rows.inState('UNSENT').count(),
    aside: (await rows.inState('SET_ASIDE').count()) + (await rows.inState('CONFLICT').count()),
    kept: await rows.inState('ACKNOWLEDGED').count(),
  };
}

export function followCounts(): void {
  liveQuery(countNow).subscribe((figures) => Object.assign(counts, figures));
}
