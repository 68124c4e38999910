/** Reading the officer's outbox by its indexes. */
import { startOfShanghaiDay } from '../clock/shanghai';
import { database } from '../storage/database';
import type { OutboxEntry, OutboxState } from './entry';
import { Rows } from './rows';

export const rows = new Rows<OutboxEntry>(database.outbox);

/** All records of a state, oldest first. */
export const inState = (state: OutboxState) => rows.inState(state);

/** Settled records of a state since a moment, by the time their receipt came. */
export const settledSince = (state: OutboxState, since: number) => rows.settledSince(state, since);

/** When the first postponed record may try again; null when none waits. */
export const nextRetryAt = (): Promise<number | null> => rows.nextRetryAt();

export async function oldestUnsentAt(): Promise<number | null> {
  return (await inState('UNSENT').first())?.capturedAt ?? null;
}

/** For the outbox page: what waits is shown oldest first, what has arrived newest first and today's only. */
export async function listOf(state: OutboxState, limit: number): Promise<OutboxEntry[]> {
  if (state !== 'CONFLICT' && state !== 'ACKNOWLEDGED') return inState(state).limit(limit).toArray();
  return settledSince(state, startOfShanghaiDay(Date.now())).reverse().limit(limit).toArray();
}
