/** What a grid worker's phone keeps, apart from the officer's. A new version adds; nothing here is a name or an address in the clear. */
import Dexie, { type Table } from 'dexie';
import type { StoredDivisions } from '../storage/database';
import { Kept, type Setting } from '../storage/kept';
import type { AnswerRow } from './answers';
import type { GridPhone } from './phones';
import type { SealedList } from './vault';

export interface KeptKey {
  id: string;
  key: CryptoKey;
}

class GridDatabase extends Dexie {
  settings!: Table<Setting, string>;
  /** Every enrolment that still has answers to deliver, and the one in force. */
  phones!: Table<GridPhone, string>;
  outbox!: Table<AnswerRow, string>;
  lists!: Table<SealedList, string>;
  keys!: Table<KeptKey, string>;
  divisions!: Table<StoredDivisions, string>;

  constructor() {
    super('lianfang-grid');
    this.version(1).stores({
      settings: 'key',
      phones: 'id',
      outbox: 'id, [state+seq], [state+settledAt], [state+retryAt], clear, phone',
      lists: 'name',
      keys: 'id',
      divisions: 'key',
    });
  }
}

export const database = new GridDatabase();
export const settings = new Kept(database.settings);
