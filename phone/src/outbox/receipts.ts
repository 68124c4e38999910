/** Reading the server's answer: a record leaves "unsent" only with its own receipt. Pure. */
import { itemId, type ParcelAnswer, type ParcelItem, type Receipt, type ReceiptStatus } from '../api/contract';
import type { OutboxState } from './entry';

export interface Verdict {
  id: string;
  state: Exclude<OutboxState, 'UNSENT'>;
  receipt: Receipt;
}

const STATUSES: ReadonlySet<ReceiptStatus> = new Set(['ACCEPTED', 'DUPLICATE', 'CONFLICT', 'SET_ASIDE']);

/** One verdict for each item that got its own receipt. An answer of another length is nobody's. */
export function readReceipts(items: ParcelItem[], answer: unknown): Verdict[] {
  const receipts = (answer as Partial<ParcelAnswer> | null)?.receipts;
  if (!Array.isArray(receipts) || receipts.length !== items.length) return [];
  return items.flatMap((item, place) => {
    const receipt: Receipt | null | undefined = receipts[place];
    return receipt && belongs(item, receipt) ? [{ id: itemId(item), state: verdictOf(receipt), receipt }] : [];
  });
}

/** By id, by a known status, and for a passage that was taken: a word on each of its people. */
function belongs(item: ParcelItem, receipt: Receipt): boolean {
  if (receipt.id !== itemId(item) || !STATUSES.has(receipt.status)) return false;
  if (item.kind !== 'PASSAGE' || receipt.status === 'SET_ASIDE') return true;
  const answered = new Set((receipt.people ?? []).filter((p) => STATUSES.has(p.status)).map((p) => p.id));
  return item.passage.people.every((person) => answered.has(person.id));
}

function verdictOf(receipt: Receipt): Verdict['state'] {
  const statuses = [receipt.status, ...(receipt.people ?? []).map((person) => person.status)];
  if (statuses.includes('SET_ASIDE')) return 'SET_ASIDE';
  return statuses.includes('CONFLICT') ? 'CONFLICT' : 'ACKNOWLEDGED';
}
