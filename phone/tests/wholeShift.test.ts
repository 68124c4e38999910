/** A shift of 4,000 records: nothing loads them all, and what is sent is read no more often for being many. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Parcel } from '../src/api/contract';
import { inState, listOf, nextRetryAt, oldestUnsentAt } from '../src/outbox/byState';
import { countNow } from '../src/outbox/counts';
import { readUnseen } from '../src/measures/late';
import { sealItem } from '../src/outbox/sealing';
import { Sender } from '../src/outbox/sender';
import { forgetSettled } from '../src/outbox/retention';
import { database } from '../src/storage/database';
import { openCity } from './city';
import { item, measure, NOON } from './samples';

const RECORDS = 4_000;

beforeEach(async () => {
  const sealed = await sealItem(item(), (await openCity()).key);
  const entries = Array.from({ length: RECORDS }, (_, place) => {
    const id = crypto.randomUUID();
    const never = { receipt: null, error: null, settledAt: null, shownAt: null, attempts: 0, retryAt: 0 };
    return { id, kind: 'PASSAGE' as const, state: 'UNSENT' as const, seq: place + 1, capturedAt: NOON + place, peopleCount: 1, deviceId: 'd', item: { ...sealed, id }, ...never };
  });
  await database.outbox.bulkAdd(entries);
});

/** Rows the database hands out while `act` runs. */
async function rowsRead(act: () => Promise<unknown>): Promise<number> {
  let rows = 0;
  const reading = (row: unknown) => {
    rows += 1;
    return row;
  };
  database.outbox.hook('reading', reading);
  await act();
  database.outbox.hook('reading').unsubscribe(reading);
  return rows;
}

function answering(batches: number[]): Sender {
  const people = (id: string) => [{ id: `${id}-1`, status: 'ACCEPTED' as const, flags: [], measures: [measure('QUARANTINE')] }];
  return new Sender({
    token: async () => 't',
    post: async (_token: string, parcel: Parcel) => {
      batches.push(parcel.items.length);
      const receipts = parcel.items.map((one) => ({ id: one.kind === 'SEALED' ? one.id : '', status: 'ACCEPTED' as const, flags: [], received_at: '', people: people('x') }));
      return { kind: 'OK', body: { parcel_id: parcel.parcel_id, receipts } };
    },
    envelope: async () => ({}),
    now: () => NOON,
    random: () => 0,
  });
}

describe('an outbox of 4,000 records', () => {
  it('is counted, listed and asked for its oldest and next without loading it', async () => {
    const asked = async (): Promise<void> => {
      expect((await countNow(NOON)).UNSENT).toBe(RECORDS);
      expect(await oldestUnsentAt()).toBe(NOON);
      expect(await nextRetryAt()).toBe(0);
      expect(await listOf('UNSENT', 50)).toHaveLength(50);
      expect(await readUnseen(NOON)).toEqual([]);
    };
    expect(await rowsRead(asked)).toBeLessThan(60);
  });

  it('is sent in forty batches, reading each record twice at most', { timeout: 60_000 }, async () => {
    const batches: number[] = [];
    const sender = answering(batches);
    const rows = await rowsRead(async () => {
      while ((await sender.step()).kind === 'SENT') await forgetSettled(NOON);
    });
    expect(batches).toEqual(Array.from({ length: RECORDS / 100 }, () => 100));
    expect(rows).toBeLessThanOrEqual(RECORDS * 2 + 40);
    expect(await inState('ACKNOWLEDGED').count()).toBe(RECORDS);
  });
});
