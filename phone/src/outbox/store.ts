/** The outbox as a table: what is written here survives a closed browser and an empty battery. */
import Dexie from 'dexie';
import type { ParcelItem, WireError } from '../api/contract';
import { itemId } from '../api/contract';
import { startOfShanghaiDay } from '../clock/shanghai';
import { database } from '../storage/database';
import { nextNumber } from '../storage/settings';
import type { OutboxEntry, OutboxState } from './entry';
import type { Verdict } from './receipts';

/**
 * Write a record before anything is shown, and number it. The same id twice is one record: a second tap on 完成 changes nothing.
 * Rejects when the phone's storage is full; the caller keeps the form and says so.
 */
export async function addToOutbox(item: ParcelItem, at: number): Promise<void> {
  await database.transaction('rw', database.outbox, database.settings, async () => {
    if (await database.outbox.get(itemId(item))) return;
    const seq = await nextNumber('outboxSeq');
    await database.outbox.add(newEntry(numbered(item, seq), seq, at));
  });
}

export function numbered(item: ParcelItem, seq: number): ParcelItem {
  return item.kind === 'PASSAGE' ? { ...item, passage: { ...item.passage, seq } } : item;
}

export function newEntry(item: ParcelItem, seq: number, at: number): OutboxEntry {
  return {
    id: itemId(item),
    state: 'UNSENT',
    seq,
    capturedAt: at,
    peopleCount: item.kind === 'PASSAGE' ? item.passage.people.length : 0,
    item,
    receipt: null,
    error: null,
    settledAt: null,
    shownAt: null,
    attempts: 0,
    retryAt: 0,
  };
}

/** Put a repaired record back in the queue under its own id; only a record that was set aside can be repaired. */
export async function resend(item: ParcelItem): Promise<void> {
  await database.transaction('rw', database.outbox, async () => {
    const entry = await database.outbox.get(itemId(item));
    if (entry?.state !== 'SET_ASIDE') return;
    const peopleCount = item.kind === 'PASSAGE' ? item.passage.people.length : 0;
    await database.outbox.update(entry.id, { item: numbered(item, entry.seq), peopleCount, state: 'UNSENT', attempts: 0, retryAt: 0 });
  });
}

/** The oldest unsent records whose own pause is over. */
export async function nextUnsent(limit: number, now: number): Promise<OutboxEntry[]> {
  return inState('UNSENT')
    .filter((entry) => entry.retryAt <= now && entry.item !== null)
    .limit(limit)
    .toArray();
}

/** When the first postponed record may try again; null when none waits. */
export async function nextRetryAt(): Promise<number | null> {
  const waiting = await inState('UNSENT').toArray();
  return waiting.length ? Math.min(...waiting.map((entry) => entry.retryAt)) : null;
}

/**
 * Apply the server's words, each to its own record and only while that record still waits.
 * Words on fewer people than the record holds are about what it was before people were added.
 */
export async function settle(verdicts: Verdict[], at: number): Promise<void> {
  await database.transaction('rw', database.outbox, async () => {
    for (const { id, state, receipt } of verdicts) {
      const entry = await database.outbox.get(id);
      if (entry?.state !== 'UNSENT') continue;
      if (state !== 'SET_ASIDE' && receipt.people.length < entry.peopleCount) continue;
      await database.outbox.update(id, { state, receipt, error: null, settledAt: at });
    }
  });
}

/** One record the server will not take in any company: shown with the reason, out of the others' way. */
export async function setAside(id: string, error: WireError): Promise<void> {
  await database.outbox.update(id, { state: 'SET_ASIDE', error, receipt: null });
}

export async function noteShown(id: string, at: number): Promise<void> {
  await database.outbox.update(id, { shownAt: at });
}

export async function postpone(entry: OutboxEntry, until: number): Promise<void> {
  await database.outbox.update(entry.id, { attempts: entry.attempts + 1, retryAt: until });
}

/** "Send now" asks for the postponed ones too. */
export async function forgetPauses(): Promise<void> {
  await inState('UNSENT').modify({ retryAt: 0 });
}

/** All records of a state, oldest first. */
export function inState(state: OutboxState) {
  return database.outbox.where('[state+seq]').between([state, Dexie.minKey], [state, Dexie.maxKey]);
}

/** Settled records of a state since a moment, by the time their receipt came. */
export function settledSince(state: OutboxState, since: number) {
  return database.outbox.where('[state+settledAt]').between([state, since], [state, Dexie.maxKey]);
}

/** For the outbox page: what waits is shown oldest first, what has arrived newest first and today's only. */
export async function listOf(state: OutboxState, limit: number): Promise<OutboxEntry[]> {
  if (state === 'UNSENT' || state === 'SET_ASIDE') return inState(state).limit(limit).toArray();
  return settledSince(state, startOfShanghaiDay(Date.now())).reverse().limit(limit).toArray();
}
