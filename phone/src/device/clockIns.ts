/** Who came to which lane and left it: kept until the server has taken it. */
import type { ClockIn } from '../api/device';
import { changeSetting, readSetting } from '../storage/settings';

const KEY = 'clockIns';

/** The same id again is the same clock-in with more to say: that the officer left. */
export async function queueClockIns(entries: ClockIn[]): Promise<void> {
  const ids = new Set(entries.map(({ id }) => id));
  await changeSetting<ClockIn[]>(KEY, (queued) => [...(queued ?? []).filter(({ id }) => !ids.has(id)), ...entries]);
}

export async function queuedClockIns(): Promise<ClockIn[]> {
  return (await readSetting<ClockIn[]>(KEY)) ?? [];
}

/** What the server has taken goes, unless it changed while it travelled. */
export async function noteClockInsTaken(taken: ClockIn[]): Promise<void> {
  if (!taken.length) return;
  const sent = new Set(taken.map((one) => JSON.stringify(one)));
  await changeSetting<ClockIn[]>(KEY, (queued) => (queued ?? []).filter((one) => !sent.has(JSON.stringify(one))));
}
