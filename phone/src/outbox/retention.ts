/** Settled records keep their id and counts; names and numbers go after a day, or when two hundred newer ones came. */
import { database } from '../storage/database';
import type { OutboxState } from './entry';
import { settledSince } from './store';

const KEEP_PAYLOAD_MS = 24 * 3_600_000;
const KEEP_PAYLOADS = 200;
const KEEP_ROW_MS = 30 * 24 * 3_600_000;
const SETTLED: OutboxState[] = ['ACKNOWLEDGED', 'CONFLICT'];

export async function forgetSettled(now: number): Promise<void> {
  for (const state of SETTLED) {
    await database.transaction('rw', database.outbox, async () => {
      const rows = await settledSince(state, 0).reverse().toArray();
      const stale = rows.filter((row, newer) => row.item && (newer >= KEEP_PAYLOADS || now - row.settledAt! > KEEP_PAYLOAD_MS));
      await database.outbox.bulkPut(stale.map((row) => ({ ...row, item: null, receipt: null })));
      await database.outbox.bulkDelete(rows.filter((row) => now - row.settledAt! > KEEP_ROW_MS).map((row) => row.id));
    });
  }
}
