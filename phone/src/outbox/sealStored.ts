/** Records that were written before this phone had a key to seal with: sealed as soon as there is one. */
import type { ParcelItem, WireItem } from '../api/contract';
import { readEnrolment } from '../device/enrolment';
import { database } from '../storage/database';
import type { OutboxEntry } from './entry';
import { sealItem } from './sealing';

const AT_ONCE = 50;

/** Meanwhile they are sent as they are. Safe to call at any time and from several tabs. */
export async function sealStored(): Promise<void> {
  const key = (await readEnrolment())?.outboxKey;
  if (!key) return;
  for (;;) {
    const entries = await database.outbox.where('clear').equals(1).limit(AT_ONCE).toArray();
    if (!entries.length) return;
    const sealed = await Promise.all(entries.map(({ item }) => (isClear(item) ? sealItem(item, key) : item)));
    await replace(entries, sealed);
  }
}

function isClear(item: WireItem | null): item is ParcelItem {
  return item !== null && item.kind !== 'SEALED';
}

/** Only where the record is still the one that was sealed: it may have been mended or acknowledged meanwhile. */
async function replace(entries: OutboxEntry[], sealed: (WireItem | null)[]): Promise<void> {
  await database.transaction('rw', database.outbox, async () => {
    for (const [place, entry] of entries.entries()) {
      const now = await database.outbox.get(entry.id);
      if (now?.clear && JSON.stringify(now.item) === JSON.stringify(entry.item)) {
        await database.outbox.update(entry.id, { item: sealed[place], clear: undefined });
      }
    }
  });
}

/** For the export and the readiness page: records that could not be sealed yet. */
export function countClear(): Promise<number> {
  return database.outbox.where('clear').equals(1).count();
}
