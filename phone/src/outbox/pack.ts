/** How a record goes into storage: sealed, under the device this phone is now. */
import type { ParcelItem } from '../api/contract';
import type { OutboxKey } from '../api/device';
import { readEnrolment } from '../device/enrolment';
import type { OutboxEntry } from './entry';
import { isClosed } from './held';
import { sealItem } from './sealing';

type Packed = Pick<OutboxEntry, 'item' | 'clear' | 'state' | 'deviceId'>;

export async function pack(item: ParcelItem): Promise<Packed> {
  const enrolled = await readEnrolment();
  const deviceId = enrolled?.deviceId ?? null;
  const state = (await isClosed(deviceId)) ? 'HELD' : 'UNSENT';
  return { ...(await sealedIfPossible(item, enrolled?.outboxKey ?? null)), state, deviceId };
}

/** Without a key that works the record is kept as it is: losing it would be worse. It is sealed when there is one. */
async function sealedIfPossible(item: ParcelItem, key: OutboxKey | null): Promise<Pick<OutboxEntry, 'item' | 'clear'>> {
  try {
    return key ? { item: await sealItem(item, key) } : { item, clear: 1 };
  } catch {
    return { item, clear: 1 };
  }
}
