/** Wrong PINs cost time: five are free, then each pause is twice the last. Kept, so that a restart does not help. */
import { readSetting, writeSetting } from '../storage/settings';

interface Tries {
  wrong: number;
  lastAt: number;
}

const KEY = 'pinTries';
const FREE = 5;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

export function pauseAfter(wrong: number): number {
  return wrong < FREE ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (wrong - FREE));
}

/** Milliseconds until the next try; a clock set back does not make it longer than the pause itself. */
export async function pauseLeft(now: number): Promise<number> {
  const { wrong, lastAt } = await tries();
  const pause = pauseAfter(wrong);
  return Math.min(pause, Math.max(0, lastAt + pause - now));
}

/** Counted before the PIN is looked at: closing the browser in between wins nothing. */
export async function countTry(now: number): Promise<void> {
  await writeSetting<Tries>(KEY, { wrong: (await tries()).wrong + 1, lastAt: now });
}

export async function forgiveTries(): Promise<void> {
  await writeSetting<Tries>(KEY, { wrong: 0, lastAt: 0 });
}

async function tries(): Promise<Tries> {
  return (await readSetting<Tries>(KEY)) ?? { wrong: 0, lastAt: 0 };
}
