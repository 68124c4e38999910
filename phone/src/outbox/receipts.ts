/** Reading the server's answer: a record leaves "unsent" only with its own receipt. Pure. */
import type { ParcelAnswer, PersonReceipt, Receipt, ReceiptStatus } from '../api/contract';
import type { OutboxEntry, OutboxState } from './entry';

export interface Verdict {
  id: string;
  state: Exclude<OutboxState, 'UNSENT' | 'HELD'>;
  receipt: Receipt;
}

const STATUSES: ReadonlySet<ReceiptStatus> = new Set(['ACCEPTED', 'DUPLICATE', 'CONFLICT', 'SET_ASIDE']);

/** What an answer is compared with; the record itself is sealed. */
export type Sent = Pick<OutboxEntry, 'id' | 'peopleCount'>;

/** One verdict for each record that got its own receipt. An answer of another length is nobody's. */
export function readReceipts(sent: Sent[], answer: unknown): Verdict[] {
  const receipts = (answer as Partial<ParcelAnswer> | null)?.receipts;
  if (!Array.isArray(receipts) || receipts.length !== sent.length) return [];
  return sent.flatMap((one, place) => {
    const receipt: Receipt | null | undefined = receipts[place];
    if (!receipt || typeof receipt !== 'object') return [];
    const whole = { ...receipt, people: peopleOf(receipt) };
    return belongs(one, whole) ? [{ id: one.id, state: verdictOf(whole), receipt: whole }] : [];
  });
}

/** People with every list there, whatever the server left out: what is kept must never stop the outbox later. */
function peopleOf({ people }: Partial<Receipt>): PersonReceipt[] {
  if (!Array.isArray(people)) return [];
  return people.filter(Boolean).map((person) => ({ ...person, flags: listOf(person.flags), measures: listOf(person.measures) }));
}

function listOf<T>(value: T[] | null | undefined): T[] {
  return Array.isArray(value) ? value : [];
}

/** By id, by a known status, and for a passage that was taken: a word on each of its people. */
function belongs(sent: Sent, receipt: Receipt): boolean {
  if (receipt.id !== sent.id || !STATUSES.has(receipt.status)) return false;
  if (receipt.status === 'SET_ASIDE') return true;
  const answered = new Set(receipt.people.filter((person) => STATUSES.has(person.status)).map((person) => person.id));
  return answered.size >= sent.peopleCount;
}

function verdictOf(receipt: Receipt): Verdict['state'] {
  const statuses = [receipt.status, ...receipt.people.map((person) => person.status)];
  if (statuses.includes('SET_ASIDE')) return 'SET_ASIDE';
  return statuses.includes('CONFLICT') ? 'CONFLICT' : 'ACKNOWLEDGED';
}
