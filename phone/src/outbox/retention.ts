/** What the phone forgets: a settled record's receipt after a day (one that says otherwise than was told waits to be seen), its id after a month. Its contents went with the receipt's coming. */
import { database } from '../storage/database';
import type { OutboxState } from './entry';

const KEEP_ROW_MS = 30 * 24 * 3_600_000;
const SETTLED: OutboxState[] = ['ACKNOWLEDGED', 'CONFLICT'];

export async function forgetSettled(now: number): Promise<void> {
  const over = database.outbox.where('dropReceiptAt').below(now).filter(({ disagrees }) => !disagrees);
  await over.modify({ receipt: null, told: undefined, dropReceiptAt: undefined, unseenAct: undefined });
  for (const state of SETTLED) {
    await database.outbox.where('[state+settledAt]').between([state, 0], [state, now - KEEP_ROW_MS]).delete();
  }
}
