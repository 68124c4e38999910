/** The outbox as a table: what is written here survives a closed browser and an empty battery. */
import type { ParcelItem, WireError } from '../api/contract';
import { itemId } from '../api/contract';
import { needsAct } from '../measures/measures';
import { disagreeing, type Told } from '../measures/told';
import { database } from '../storage/database';
import { readNumber, writeNumber } from '../storage/settings';
import { rows } from './byState';
import type { OutboxEntry } from './entry';
import { isClosed } from './held';
import { pack } from './pack';
import { rememberClear } from './readable';
import type { Verdict } from './receipts';

const SEQUENCE = 'outboxSeq';
const KEEP_RECEIPT_MS = 24 * 3_600_000;

/**
 * Seal a record and write it before anything is shown, and number it. The same id twice is one record: a second tap on 完成 changes
 * nothing. Rejects when the phone's storage is full; the caller keeps the form and says so.
 *
 * The number is sealed into the record, and no transaction can stay open while the browser seals: it is taken on trust and proved
 * when the record is written. Whoever was overtaken by another tab takes the next one, so no number is lost to a killed page.
 */
export async function addToOutbox(item: ParcelItem, at: number, told?: Told): Promise<void> {
  for (;;) {
    const seq = (await readNumber(SEQUENCE)) + 1;
    const numbered = numberedAs(seq, item);
    const entry = await newEntry(numbered, seq, at, told);
    const came = await insert(entry);
    if (came === 'WRITTEN') rememberClear(numbered);
    if (came !== 'OVERTAKEN') return;
  }
}

function insert(entry: OutboxEntry): Promise<'WRITTEN' | 'KNOWN' | 'OVERTAKEN'> {
  return database.transaction('rw', database.outbox, database.settings, async () => {
    if (await database.outbox.get(entry.id)) return 'KNOWN';
    if ((await readNumber(SEQUENCE)) !== entry.seq - 1) return 'OVERTAKEN';
    await writeNumber(SEQUENCE, entry.seq);
    await database.outbox.add(entry);
    return 'WRITTEN';
  });
}

export function numberedAs(seq: number, item: ParcelItem): ParcelItem {
  return item.kind === 'PASSAGE' ? { ...item, passage: { ...item.passage, seq } } : item;
}

export async function newEntry(item: ParcelItem, seq: number, at: number, told?: Told): Promise<OutboxEntry> {
  return {
    id: itemId(item),
    kind: item.kind,
    seq,
    capturedAt: at,
    peopleCount: peopleIn(item),
    ...(await pack(item)),
    receipt: null,
    ...(told && { told }),
    error: null,
    settledAt: null,
    shownAt: null,
    attempts: 0,
    retryAt: 0,
  };
}

function peopleIn(item: ParcelItem): number {
  return item.kind === 'PASSAGE' ? item.passage.people.length : 0;
}

/** Put a mended record back in the queue under its own id; only a record that was set aside can be mended. */
export async function resend(item: ParcelItem, told?: Told): Promise<void> {
  const known = await database.outbox.get(itemId(item));
  if (known?.state !== 'SET_ASIDE') return;
  const numbered = numberedAs(known.seq, item);
  const { item: packed, clear } = await pack(numbered);
  await requeue(known.id, { item: packed, clear, peopleCount: peopleIn(item), ...(told && { told }) });
  rememberClear(numbered);
}

/** The same without a change, for a record of which only the sealed form is left. */
export async function resendSealed(id: string): Promise<void> {
  await requeue(id, {});
}

async function requeue(id: string, changes: Partial<OutboxEntry>): Promise<void> {
  await database.transaction('rw', database.outbox, database.settings, async () => {
    const entry = await database.outbox.get(id);
    if (entry?.state !== 'SET_ASIDE') return;
    const state = (await isClosed(entry.deviceId)) ? 'HELD' : 'UNSENT';
    await database.outbox.update(id, { ...changes, state, attempts: 0, retryAt: 0 });
  });
}

export const nextUnsent = (limit: number, now: number): Promise<OutboxEntry[]> => rows.nextUnsent(limit, now);
export const setAside = (id: string, error: WireError): Promise<void> => rows.setAside(id, error);
export const postpone = (entry: OutboxEntry, until: number): Promise<void> => rows.postpone(entry, until);
export const forgetPauses = (): Promise<void> => rows.forgetPauses();

/**
 * Apply the server's words, each to its own record and only while that record still waits. What it has taken, it keeps: the item goes.
 * Words on fewer people than the record holds are about what it was before people were added.
 */
export async function settle(verdicts: Verdict[], at: number): Promise<void> {
  await database.transaction('rw', database.outbox, async () => {
    const entries = await database.outbox.bulkGet(verdicts.map(({ id }) => id));
    const settled = verdicts.flatMap((verdict, place) => {
      const entry = entries[place];
      return entry && isAbout(verdict, entry) ? [settledBy(verdict, entry, at)] : [];
    });
    await database.outbox.bulkPut(settled);
  });
}

function isAbout({ state, receipt }: Verdict, entry: OutboxEntry): boolean {
  const waits = entry.state === 'UNSENT' || entry.state === 'HELD';
  return waits && (state === 'SET_ASIDE' || receipt.people.length >= entry.peopleCount);
}

function settledBy({ state, receipt }: Verdict, entry: OutboxEntry, at: number): OutboxEntry {
  const next: OutboxEntry = { ...entry, state, receipt, error: null, settledAt: at };
  if (state === 'SET_ASIDE') return next;
  delete next.clear;
  delete next.disagrees;
  const unseen = needsAct(receipt) && entry.shownAt === null ? { unseenAct: entry.capturedAt } : {};
  const otherwise = disagreeing(receipt, entry.told).length ? { disagrees: 1 as const } : {};
  return { ...next, item: null, dropReceiptAt: at + KEEP_RECEIPT_MS, ...unseen, ...otherwise };
}

export async function noteShown(id: string, at: number): Promise<void> {
  await database.outbox.update(id, { shownAt: at, unseenAct: undefined });
}
