/** The fourteen days before the barrier. Pure. */
import type { WireStay } from '../api/contract';
import { shanghaiDate } from '../clock/shanghai';

const DAYS = 14;
const DAY_MS = 86_400_000;

/** 近14天只在一处. */
export function onlyAt(code: string, now: number): WireStay {
  return { code, from: shanghaiDate(now - DAYS * DAY_MS), to: shanghaiDate(now) };
}

/** A further place begins where the last one ended; the first reaches back the whole time. */
export function stayAfter(stays: WireStay[], code: string, now: number): WireStay {
  return { ...onlyAt(code, now), ...(stays.length ? { from: stays.at(-1)!.to } : {}) };
}

/** 1.27–2.10 */
export function spanOf({ from, to }: WireStay): string {
  const short = (day: string) => day.slice(5).replace(/^0/, '').replace(/-0?/, '.');
  return `${short(from)}–${short(to)}`;
}
