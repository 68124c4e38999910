/** What the head says about the age of the figures. Pure. */
import type { Holder } from './answers';

export const LATE_MS = 5_000;

export interface Current {
  /** Everything committed before this is counted. */
  asOf: number | null;
  now: number;
  isLost: boolean;
  heldBy: Holder | null;
}

export interface Sentence {
  /** A name of the page's words. */
  name: string;
  values: Record<string, string | number>;
  isWarning: boolean;
}

export function freshness({ asOf, now, isLost, heldBy }: Current, clock: (moment: number) => string): Sentence {
  if (asOf === null) return { name: 'noWatermark', values: {}, isWarning: isLost };
  const at = clock(asOf);
  const age = now - asOf;
  if (isLost) return { name: 'lostAsOf', values: { at }, isWarning: true };
  if (age <= LATE_MS) return { name: 'asOf', values: { at }, isWarning: false };
  const seconds = Math.floor(age / 1_000);
  const waiting = seconds < 120 ? { name: 'late', values: { at, n: seconds } } : { name: 'lateMinutes', values: { at, n: Math.floor(seconds / 60) } };
  if (heldBy === null) return { ...waiting, isWarning: true };
  const holder = heldBy.program === '' ? heldBy.role : heldBy.program;
  return { name: `${waiting.name}HeldBy`, values: { ...waiting.values, program: holder, role: heldBy.role }, isWarning: true };
}
