/** What the phone keeps. Sealing of the outbox changes what an item holds, not these tables. */
import Dexie, { type Table } from 'dexie';
import type { Division } from '../api/contract';
import type { StoredTrip } from '../form/prefill';
import type { OutboxEntry } from '../outbox/entry';

export interface Setting {
  key: string;
  value: unknown;
}

/** One answer of the register: the country (`key` "ALL") or the villages of one township (its code). */
export interface StoredDivisions {
  key: string;
  edition: string;
  fetchedAt: number;
  divisions: Division[];
}

class PhoneDatabase extends Dexie {
  outbox!: Table<OutboxEntry, string>;
  settings!: Table<Setting, string>;
  divisions!: Table<StoredDivisions, string>;
  prefill!: Table<StoredTrip, string>;

  constructor() {
    super('lianfang-phone');
    this.version(1).stores({
      outbox: 'id, [state+seq], [state+settledAt]',
      settings: 'key',
      divisions: 'key',
    });
    this.version(2).stores({ prefill: 'key, at' });
  }
}

export const database = new PhoneDatabase();
