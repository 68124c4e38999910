/** What the worker says at a door: sealed for the city's server and written before it is shown, kept until the server has it. */
import type { WireError } from '../api/contract';
import { mintId } from '../identity/uuid7';
import { Rows, type Row } from '../outbox/rows';
import { sealAs } from '../outbox/sealing';
import { sealRows } from '../outbox/sealStored';
import { clockOffset } from './clock';
import type { Answer, AnswerReceipt, DoorSaid, Occupancy, PlainAnswer, StayState, WireAnswer } from './contract';
import { database, settings } from './database';
import type { AboutOrder, OrderSaid } from './observed/contract';
import { phone } from './phones';
import type { Verdict } from './receipts';

/** SEEN: set aside or in conflict, and the worker has read what the server says to it. */
export type AnswerState = 'UNSENT' | 'SET_ASIDE' | 'CONFLICT' | 'ACKNOWLEDGED' | 'SEEN';

/** What an answer was about, by ids and codes: no name, no address, no words. It shows on the door until the server's list does. */
export type About =
  | { kind: 'REFERRAL'; subject: string; said: Answer | 'ACCEPTED' }
  | { kind: 'HOUSEHOLD'; subject: string; said: 'VERIFIED' | Occupancy }
  | { kind: 'STAY'; subject: string; said: StayState }
  | AboutOrder;

export interface AnswerRow extends Row {
  state: AnswerState;
  /** The enrolment it was given under. */
  phone: string;
  about: About;
  item: WireAnswer | null;
  /** There, and indexed, only while the item still waits to be sealed. */
  clear?: 1;
  receipt: AnswerReceipt | null;
  /** By the server's clock, as the lists are. */
  settledAt: number | null;
}

/** An answer without its id and its moment; of an order with what stays on the phone in the clear. */
export type Said = DoorSaid | { said: OrderSaid; about: AboutOrder };

const SEQUENCE = 'sequence';
const KEEP_SETTLED_MS = 7 * 24 * 3_600_000;

export const rows = new Rows<AnswerRow>(database.outbox);

/** All of them or none: a family is answered in one tap. Rejects when the phone's storage is full. */
export async function answer(said: Said[], at: number): Promise<void> {
  const current = phone.value;
  if (!current) return;
  const made = await Promise.all(said.map((one) => rowOf(one, current.id, at)));
  await database.transaction('rw', database.outbox, database.settings, async () => {
    const last = (await settings.read<number>(SEQUENCE)) ?? 0;
    await settings.write(SEQUENCE, last + made.length);
    await database.outbox.bulkAdd(made.map((row, place) => ({ ...row, seq: last + place + 1 })));
  });
}

async function rowOf(said: Said, phoneId: string, at: number): Promise<AnswerRow> {
  const [content, about] = 'said' in said ? [said.said, said.about] : [said, aboutOf(said)];
  const plain = { ...content, id: mintId(at), occurred_at: new Date(at).toISOString(), ...clockOffset() } as PlainAnswer;
  const fresh = { seq: 0, capturedAt: at, error: null, receipt: null, settledAt: null, attempts: 0, retryAt: 0 };
  return { id: plain.id, state: 'UNSENT', phone: phoneId, about, ...(await sealedIfPossible(plain)), ...fresh };
}

/** Without a key that works it is kept as it is: losing it would be worse. It is sealed when there is one. */
async function sealedIfPossible(plain: PlainAnswer): Promise<Pick<AnswerRow, 'item' | 'clear'>> {
  try {
    const key = phone.value?.outboxKey;
    return key ? { item: await sealAs(plain.id, plain, key) } : { item: plain, clear: 1 };
  } catch {
    return { item: plain, clear: 1 };
  }
}

export async function sealWaiting(): Promise<void> {
  const key = phone.value?.outboxKey;
  if (key) await sealRows(database.outbox, (item) => sealAs((item as PlainAnswer).id, item, key));
}

function aboutOf(plain: DoorSaid): About {
  if (plain.kind === 'REFERRAL') return { kind: 'REFERRAL', subject: plain.referral, said: plain.answer };
  if (plain.kind === 'STAY') return { kind: 'STAY', subject: plain.person, said: plain.state };
  return { kind: 'HOUSEHOLD', subject: plain.household, said: plain.act === 'VERIFIED' ? 'VERIFIED' : (plain.occupancy ?? 'OCCUPIED') };
}

/** Each of the server's words to its own answer, and only while that one still waits. What the server has taken goes from the phone. */
export async function settle(verdicts: Verdict[], at: number): Promise<void> {
  await database.transaction('rw', database.outbox, async () => {
    for (const { id, state, receipt } of verdicts) {
      const row = await database.outbox.get(id);
      if (row?.state !== 'UNSENT') continue;
      const next: AnswerRow = { ...row, state, receipt, error: null, settledAt: at };
      if (state === 'ACKNOWLEDGED') {
        delete next.clear;
        next.item = null;
      }
      await database.outbox.put(next);
    }
  });
}

export function setAside(id: string, error: WireError): Promise<void> {
  return rows.setAside(id, error);
}

/** Under the enrolment of now, where that is for the same grid: what came after the end of its own is taken under a new one. */
export async function sendAgain(id: string): Promise<void> {
  const row = await database.outbox.get(id);
  const own = row && (await database.phones.get(row.phone));
  const current = phone.value;
  const under = current && (!own || own.division === current.division) ? { phone: current.id } : {};
  await requeue(id, { state: 'UNSENT', attempts: 0, retryAt: 0, error: null, receipt: null, ...under });
}

/** The worker has read why. The content stays on the phone as long as its row does. */
export async function noteSeen(id: string, at: number): Promise<void> {
  await requeue(id, { state: 'SEEN', settledAt: at });
}

async function requeue(id: string, changes: Partial<AnswerRow>): Promise<void> {
  await database.transaction('rw', database.outbox, async () => {
    const row = await database.outbox.get(id);
    if (row?.state === 'SET_ASIDE' || row?.state === 'CONFLICT') await database.outbox.put({ ...row, ...changes });
  });
}

/** What has had its receipt for a week. What waits, or was set aside and not read, stays. */
export async function forgetSettled(now: number): Promise<void> {
  for (const state of ['ACKNOWLEDGED', 'SEEN'] as const) {
    await database.outbox.where('[state+settledAt]').between([state, 0], [state, now - KEEP_SETTLED_MS]).delete();
  }
}
