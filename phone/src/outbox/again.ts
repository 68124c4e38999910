/** A record sent again under its own id because people were added to it. */
import type { ParcelItem, WirePassage } from '../api/contract';
import type { Told } from '../measures/told';
import { database } from '../storage/database';
import { rememberClear } from './readable';
import { newEntry, numberedAs } from './store';

/**
 * The header stays as it was, so the server knows it (DUPLICATE) and takes the people it does not know (ACCEPTED).
 * An answer that is still on its way speaks of fewer people and settles nothing (see `settle`). Who was there before was told before.
 */
export async function sendAgain(passage: WirePassage, at: number, told?: Told): Promise<void> {
  const before = await database.outbox.get(passage.id);
  const seq = before?.seq ?? passage.seq ?? 0;
  const item: ParcelItem = numberedAs(seq, { kind: 'PASSAGE', passage });
  await database.outbox.put(await newEntry(item, seq, before?.capturedAt ?? at, told && { ...told, ...before?.told }));
  rememberClear(item);
}
