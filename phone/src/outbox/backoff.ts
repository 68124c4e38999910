/** How long to wait after a failure: doubling, with chance mixed in, never giving up. Pure. */

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
export const LONGEST_RECORD_PAUSE_MS = 30 * 60_000;

/**
 * Milliseconds before try number `failures` + 1. Half is fixed, half is chance (`random` in 0…1),
 * so that eighteen checkpoints do not come back in the same second after an outage.
 */
export function pauseAfter(failures: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(whole / 2 + (whole / 2) * random);
}

/** The own pause of a record that makes the server fail when it travels alone: two seconds up to half an hour. */
export function pauseOfRecord(attempts: number): number {
  return Math.min(LONGEST_RECORD_PAUSE_MS, 2_000 * 2 ** attempts);
}

/** A stretch of time by a clock that people may set meanwhile. */
export interface Pause {
  from: number;
  until: number;
}

/** A clock set back during the pause ends it: nobody waits hours for a pause of seconds. */
export function isOver(pause: Pause, now: number): boolean {
  return now >= pause.until || now < pause.from;
}
