/** The server's clock as far as this phone knows it. What ends by the server's clock ends by this, also where the phone's own is wrong. */
import { reactive } from 'vue';
import { settings } from './database';

const KEY = 'clock';
/** From here on the worker is told that the phone's clock is wrong. */
const NOTABLE_MS = 5 * 60_000;

interface Clock {
  /** The server's clock minus the phone's; null until the server was asked. */
  offsetMs: number | null;
  /** The latest moment this phone has seen: a clock turned back wins no time. */
  seenAt: number;
}

export const clock = reactive<Clock>({ offsetMs: null, seenAt: 0 });

export async function loadClock(): Promise<void> {
  Object.assign(clock, await settings.read<Clock>(KEY));
}

export function serverNow(now: number = Date.now()): number {
  return Math.max(now + (clock.offsetMs ?? 0), clock.seenAt);
}

/** Half the way there, half the way back. */
export async function learnTime(serverTime: string, askedAt: number, answeredAt: number): Promise<void> {
  const told = Date.parse(serverTime);
  if (Number.isNaN(told)) return;
  Object.assign(clock, { offsetMs: Math.round(told - (askedAt + answeredAt) / 2), seenAt: told });
  await settings.write(KEY, clock);
}

/** Called now and again while the page stands. */
export async function noteTime(now: number): Promise<void> {
  clock.seenAt = serverNow(now);
  await settings.write(KEY, clock);
}

/** For an answer: the server sets its moment right by this. */
export function clockOffset(): { clock_offset_ms?: number } {
  return clock.offsetMs === null ? {} : { clock_offset_ms: clock.offsetMs };
}

/** Minutes the phone is ahead (positive) or behind; 0 while that hardly matters. */
export function minutesAhead(): number {
  const offset = clock.offsetMs ?? 0;
  return Math.abs(offset) < NOTABLE_MS ? 0 : Math.round(-offset / 60_000);
}
