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

export async function queueClockIn(entry: ClockIn): Promise<void> {
  const queued = (await readSetting<ClockIn[]>(KEY)) ?? [];
  await writeSetting(KEY, [...queued.filter((one) => one.id !== entry.id), entry]);
}
