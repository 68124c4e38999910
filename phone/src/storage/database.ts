/** What the phone keeps. A new version adds; an older program opening a newer database leaves what it does not know alone. */
import Dexie, { type Table, type Transaction } from 'dexie';
import type { Division } from '../api/contract';
import type { ReadingKey } from '../device/readingKeys';
import type { StoredTrip } from '../form/prefill';
import type { OutboxEntry } from '../outbox/entry';
import type { Setting } from './kept';

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
  readingKeys!: Table<ReadingKey, string>;
  prefill!: Table<StoredTrip, string>;

  constructor() {
    super('lianfang-phone');
    this.version(1).stores({
      outbox: 'id, [state+seq], [state+settledAt]',
      settings: 'key',
      divisions: 'key',
    });
    this.version(2)
      .stores({
        outbox: 'id, [state+seq], [state+settledAt], [state+retryAt], clear, dropReceiptAt, unseenAct',
        readingKeys: 'id',
        prefill: 'key, at',
      })
      .upgrade(describeEntries);
    this.version(3).stores({
      outbox: 'id, [state+seq], [state+settledAt], [state+retryAt], clear, dropReceiptAt, unseenAct, disagrees',
    });
  }
}

/** Version 1 kept records in the clear and knew neither kind nor device. They are sealed later (outbox/sealStored). */
async function describeEntries(transaction: Transaction): Promise<void> {
  const enrolled = (await transaction.table<Setting>('settings').get('enrolment'))?.value as { deviceId?: string } | undefined;
  await transaction.table<OutboxEntry>('outbox').toCollection().modify((entry) => {
    const isSettled = entry.state === 'ACKNOWLEDGED' || entry.state === 'CONFLICT';
    entry.kind = entry.item?.kind === 'CORRECTION' ? 'CORRECTION' : 'PASSAGE';
    entry.deviceId = enrolled?.deviceId ?? null;
    if (isSettled) entry.item = null;
    else entry.clear = 1;
    if (entry.receipt && entry.settledAt) entry.dropReceiptAt = entry.settledAt;
  });
}

export const database = new PhoneDatabase();
