/** A record sent again under its own id because people were added to it. */
import type { WirePassage } from '../api/contract';
import { database } from '../storage/database';
import { newEntry, numbered } from './store';

/**
 * The header stays as it was, so the server knows it (DUPLICATE) and takes the people it does not know (ACCEPTED).
 * An answer that is still on its way speaks of fewer people and settles nothing (see `settle`).
 */
export async function sendAgain(passage: WirePassage, at: number): Promise<void> {
  await database.transaction('rw', database.outbox, async () => {
    const before = await database.outbox.get(passage.id);
    const seq = before?.seq ?? passage.seq ?? 0;
    const entry = newEntry(numbered({ kind: 'PASSAGE', passage }, seq), seq, before?.capturedAt ?? at);
    await database.outbox.put(entry);
  });
}
