/** Reading the outbox by its indexes: nothing here loads more than it is asked for. */
import Dexie from 'dexie';
import { startOfShanghaiDay } from '../clock/shanghai';
import { database } from '../storage/database';
import type { OutboxEntry, OutboxState } from './entry';

/** All records of a state, oldest first. */
export function inState(state: OutboxState) {
  return database.outbox.where('[state+seq]').between([state, Dexie.minKey], [state, Dexie.maxKey]);
}

/** Settled records of a state since a moment, by the time their receipt came. */
export function settledSince(state: OutboxState, since: number) {
  return database.outbox.where('[state+settledAt]').between([state, since], [state, Dexie.maxKey]);
}

export async function oldestUnsentAt(): Promise<number | null> {
  return (await inState('UNSENT').first())?.capturedAt ?? null;
}

/** When the first postponed record may try again; null when none waits. */
export async function nextRetryAt(): Promise<number | null> {
  const waiting = database.outbox.where('[state+retryAt]').between(['UNSENT', Dexie.minKey], ['UNSENT', Dexie.maxKey]);
  return (await waiting.first())?.retryAt ?? null;
}

/** For the outbox page: what waits is shown oldest first, what has arrived newest first and today's only. */
export async function listOf(state: OutboxState, limit: number): Promise<OutboxEntry[]> {
  if (state !== 'CONFLICT' && state !== 'ACKNOWLEDGED') return inState(state).limit(limit).toArray();
  return settledSince(state, startOfShanghaiDay(Date.now())).reverse().limit(limit).toArray();
}
