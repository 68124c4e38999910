/** Records that were written before this phone had a key to seal with: sealed as soon as there is one. */
import type { Table, UpdateSpec } from 'dexie';
import type { ParcelItem, SealedItem } from '../api/contract';
import { readEnrolment } from '../device/enrolment';
import { database } from '../storage/database';
import { sealItem } from './sealing';

const AT_ONCE = 50;

/** Meanwhile they are sent as they are. Safe to call at any time and from several tabs. */
export async function sealStored(): Promise<void> {
  const key = (await readEnrolment())?.outboxKey;
  if (key) await sealRows(database.outbox, (item) => sealItem(item as ParcelItem, key));
}

interface MayBeClear {
  id: string;
  item: { kind: string } | null;
  clear?: 1;
}

/** The same for any page's outbox; `clear` is indexed. */
export async function sealRows<R extends MayBeClear>(table: Table<R, string>, seal: (item: object) => Promise<SealedItem>): Promise<void> {
  for (;;) {
    const rows = await table.where('clear').equals(1).limit(AT_ONCE).toArray();
    if (!rows.length) return;
    const sealed = await Promise.all(rows.map(({ item }) => (item && item.kind !== 'SEALED' ? seal(item) : item)));
    await replace(table, rows, sealed);
  }
}

/** Only where the record is still the one that was sealed: it may have been mended or acknowledged meanwhile. */
async function replace<R extends MayBeClear>(table: Table<R, string>, rows: R[], sealed: MayBeClear['item'][]): Promise<void> {
  await table.db.transaction('rw', table, async () => {
    for (const [place, row] of rows.entries()) {
      const now = await table.get(row.id);
      if (now?.clear && JSON.stringify(now.item) === JSON.stringify(row.item)) {
        await table.update(row.id, { item: sealed[place], clear: undefined } as unknown as UpdateSpec<R>);
      }
    }
  });
}

/** For the export and the readiness page: records that could not be sealed yet. */
export function countClear(): Promise<number> {
  return database.outbox.where('clear').equals(1).count();
}
