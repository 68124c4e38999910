/** Which checkpoints have gone silent, and the order in which the wall lists them. Pure. */
import type { CheckpointRow } from './answers';

export const AMBER_AFTER_MS = 30 * 60_000;
export const RED_AFTER_MS = 60 * 60_000;

/** NEVER: open, and no record of it has come at all. */
export type State = 'FRESH' | 'AMBER' | 'RED' | 'NEVER' | 'CLOSED';

const URGENCY: Record<State, number> = { RED: 0, AMBER: 1, NEVER: 2, FRESH: 3, CLOSED: 4 };

/** Milliseconds since the last record; null when there is none. A clock that runs ahead counts as just now. */
export function ageOf(row: CheckpointRow, now: number): number | null {
  return row.last_record_at ? Math.max(0, now - Date.parse(row.last_record_at)) : null;
}

export function stateOf(row: CheckpointRow, now: number): State {
  if (!row.open_now) return 'CLOSED';
  const age = ageOf(row, now);
  if (age === null) return 'NEVER';
  if (age > RED_AFTER_MS) return 'RED';
  return age > AMBER_AFTER_MS ? 'AMBER' : 'FRESH';
}

/** Silent ones first, the longest silent on top; the others keep the order of their codes, so that rows stand still. */
export function bySilence(rows: CheckpointRow[], now: number): CheckpointRow[] {
  const rank = (row: CheckpointRow): [number, number] => {
    const state = stateOf(row, now);
    return [URGENCY[state], state === 'RED' || state === 'AMBER' ? -(ageOf(row, now) ?? 0) : 0];
  };
  return [...rows].sort((a, b) => {
    const [urgencyA, ageA] = rank(a);
    const [urgencyB, ageB] = rank(b);
    return urgencyA - urgencyB || ageA - ageB || a.code.localeCompare(b.code);
  });
}
