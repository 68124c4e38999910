import type { ParcelItem, Receipt, WireError } from '../api/contract';

/**
 * UNSENT waits for the server. SET_ASIDE came back unreadable: it is opened, repaired and sent again under the same id.
 * CONFLICT and ACKNOWLEDGED are settled: the server has the record, and for a conflict the desk decides which content holds.
 */
export type OutboxState = 'UNSENT' | 'SET_ASIDE' | 'CONFLICT' | 'ACKNOWLEDGED';

export interface OutboxEntry {
  /** The record's own id, a passage's or a correction's: what its receipt must carry. */
  id: string;
  state: OutboxState;
  /** Order of capture on this phone; records leave in this order. */
  seq: number;
  capturedAt: number;
  peopleCount: number;
  /** Null once a settled record's names and numbers have been dropped. */
  item: ParcelItem | null;
  /** The server's last word on this record; dropped together with the item. */
  receipt: Receipt | null;
  /** Why the whole request was refused when this record travelled alone. */
  error: WireError | null;
  settledAt: number | null;
  /** When the officer saw the measures in the receipt; null until then. */
  shownAt: number | null;
  /** Times this record, alone in its parcel, made the server fail; it waits until `retryAt` and holds up nobody. */
  attempts: number;
  retryAt: number;
}
