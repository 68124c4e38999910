/** An outbox's table, whichever page it belongs to, read by its indexes: nothing here loads more than it is asked for. */
import Dexie, { type Collection, type Table, type UpdateSpec } from 'dexie';
import type { WireError } from '../api/contract';
import { LONGEST_RECORD_PAUSE_MS } from './backoff';

/** What every outbox keeps of a record; indexed: id, [state+seq], [state+settledAt], [state+retryAt]. */
export interface Row {
  id: string;
  state: string;
  /** Order of capture; records leave in this order. */
  seq: number;
  capturedAt: number;
  /** Null once the server has it. */
  item: unknown;
  /** Why the whole request was refused when this record travelled alone. */
  error: WireError | null;
  settledAt: number | null;
  /** Times this record, alone in its parcel, made the server fail; it waits until `retryAt` and holds up nobody. */
  attempts: number;
  retryAt: number;
}

export class Rows<R extends Row> {
  constructor(private readonly table: Table<R, string>) {}

  /** All records of a state, oldest first. */
  inState(state: R['state']): Collection<R, string> {
    return this.table.where('[state+seq]').between([state, Dexie.minKey], [state, Dexie.maxKey]);
  }

  /** Settled records of a state since a moment, by the time their receipt came. */
  settledSince(state: R['state'], since: number): Collection<R, string> {
    return this.table.where('[state+settledAt]').between([state, since], [state, Dexie.maxKey]);
  }

  /** When the first postponed record may try again; null when none waits. */
  async nextRetryAt(): Promise<number | null> {
    const waiting = this.table.where('[state+retryAt]').between(['UNSENT', Dexie.minKey], ['UNSENT', Dexie.maxKey]);
    return (await waiting.first())?.retryAt ?? null;
  }

  /** The oldest unsent records whose own pause is over. A pause that seems longer than any was begun under another clock. */
  async nextUnsent(limit: number, now: number): Promise<R[]> {
    return this.inState('UNSENT')
      .filter(({ retryAt, item }) => (retryAt <= now || retryAt > now + LONGEST_RECORD_PAUSE_MS) && item !== null)
      .limit(limit)
      .toArray();
  }

  /** One record the server will not take in any company: shown with the reason, out of the others' way. */
  async setAside(id: string, error: WireError): Promise<void> {
    await this.table.update(id, { state: 'SET_ASIDE', error, receipt: null } as unknown as UpdateSpec<R>);
  }

  async postpone(row: R, until: number): Promise<void> {
    await this.table.update(row.id, { attempts: row.attempts + 1, retryAt: until } as unknown as UpdateSpec<R>);
  }

  /** "Send now" asks for the postponed ones too. */
  async forgetPauses(): Promise<void> {
    const postponed = this.table.where('[state+retryAt]').between(['UNSENT', 1], ['UNSENT', Dexie.maxKey]);
    await postponed.modify({ retryAt: 0 } as unknown as UpdateSpec<R>);
  }
}
