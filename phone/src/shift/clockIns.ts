/** Who stood at which lane from when until when, on its way to the server with the phone's next report. */
import { readSetting, writeSetting } from '../storage/settings';

export interface ClockIn {
  id: string;
  officer: string;
  lane: string;
  came_at: string;
  /** Missing while the officer is there; the same id again, with it, when the officer leaves. */
  left_at?: string;
}

const KEY = 'clockIns';

/** The newest of an id is what counts. */
export async function queueClockIns(entries: ClockIn[]): Promise<void> {
  const ids = new Set(entries.map(({ id }) => id));
  const waiting = ((await readSetting<ClockIn[]>(KEY)) ?? []).filter(({ id }) => !ids.has(id));
  await writeSetting(KEY, [...waiting, ...entries]);
}
