/** When a tile is asked for, and what an answer that is no answer means. Pure. */

/** Without the stream, and after a failure, everything is asked for this often. */
export const POLL_MS = 5_000;
/** With the stream and without news: opening hours move on, and the session is seen to be in use. */
export const QUIET_MS = 30_000;
/** Somebody has to sign in or open the display again first. */
export const CLOSED_MS = 15_000;

/** ENDED: this display was stopped. REBUILDING: the figures are being counted anew. */
export type Trouble = 'SIGNED_OUT' | 'ENDED' | 'REBUILDING' | 'UNREACHABLE';

export interface Course {
  askedAt: number;
  isAsking: boolean;
  trouble: Trouble | null;
  /** The version of the cells that the answer shown last counts. */
  version: number | null;
}

/** At most so often when there is news, at least so often when there is none. */
export interface Pace {
  every: number;
  quiet: number;
}

export interface Told {
  isStreaming: boolean;
  version: number | null;
}

export function isDue(course: Course, pace: Pace, told: Told, now: number): boolean {
  if (course.isAsking) return false;
  const since = now - course.askedAt;
  if (course.trouble !== null) return since >= (isClosed(course.trouble) ? CLOSED_MS : POLL_MS);
  if (told.version !== null && told.version !== course.version) return since >= pace.every;
  return since >= (told.isStreaming ? pace.quiet : POLL_MS);
}

export function isClosed(trouble: Trouble | null): boolean {
  return trouble === 'SIGNED_OUT' || trouble === 'ENDED';
}

/** Why there was no answer, from its status and the code of its refusal. */
export function troubleOf(status: number, code: string): Trouble {
  if (code === 'DISPLAY_ENDED') return 'ENDED';
  if (code === 'REBUILDING') return 'REBUILDING';
  return status === 401 || status === 403 ? 'SIGNED_OUT' : 'UNREACHABLE';
}
