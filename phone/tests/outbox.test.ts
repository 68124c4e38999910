import { describe, expect, it } from 'vitest';
import { itemId } from '../src/api/contract';
import { forgetSettled } from '../src/outbox/retention';
import { addToOutbox, inState, listOf, settle } from '../src/outbox/store';
import { database } from '../src/storage/database';
import { item, NOON, receipt } from './samples';

const HOUR = 3_600_000;

async function acknowledged(records: number, at: number): Promise<string[]> {
  const items = Array.from({ length: records }, () => item());
  for (const one of items) await addToOutbox(one, at);
  await settle(items.map((one) => ({ id: itemId(one), state: 'ACKNOWLEDGED', receipt: receipt(one) })), at);
  return items.map(itemId);
}

describe('the outbox', () => {
  it('takes a second tap on 完成 as the same record', async () => {
    const one = item();
    await addToOutbox(one, NOON);
    await addToOutbox(one, NOON + 1);
    expect(await inState('UNSENT').count()).toBe(1);
  });

  it('numbers records from several tabs without a clash', async () => {
    await Promise.all(Array.from({ length: 20 }, () => addToOutbox(item(), NOON)));
    const numbers = (await inState('UNSENT').toArray()).map((entry) => entry.seq);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
  });

  it('keeps corrections among the rest, in order', async () => {
    await addToOutbox(item(), NOON);
    const correction = { id: 'c', of: 'p', fields: { plate: '辽C12345' }, reason: '录入有误', occurred_at: '2020-02-10T04:00:00Z' };
    await addToOutbox({ kind: 'CORRECTION', correction }, NOON);
    expect((await inState('UNSENT').toArray()).map((entry) => entry.item?.kind)).toEqual(['PASSAGE', 'CORRECTION']);
  });
});

describe('what the phone forgets', () => {
  it('drops names and numbers of settled records after a day, keeping id and count', async () => {
    const [id] = await acknowledged(1, NOON);
    await forgetSettled(NOON + 23 * HOUR);
    expect((await database.outbox.get(id!))?.item).not.toBeNull();
    await forgetSettled(NOON + 25 * HOUR);
    expect(await database.outbox.get(id!)).toMatchObject({ id, item: null, receipt: null, peopleCount: 1, state: 'ACKNOWLEDGED' });
  });

  it('keeps the contents of two hundred at most', async () => {
    await acknowledged(150, NOON);
    await acknowledged(100, NOON + 1);
    await forgetSettled(NOON + 2);
    expect(await database.outbox.filter((entry) => entry.item !== null).count()).toBe(200);
    expect(await inState('ACKNOWLEDGED').count()).toBe(250);
  });

  it('never touches what was not acknowledged, however old', async () => {
    await addToOutbox(item(), NOON);
    await forgetSettled(NOON + 1000 * HOUR);
    expect((await inState('UNSENT').toArray())[0]?.item).not.toBeNull();
  });

  it('lets the bare ids go after a month', async () => {
    await acknowledged(1, NOON);
    await forgetSettled(NOON + 31 * 24 * HOUR);
    expect(await database.outbox.count()).toBe(0);
  });

  it('shows what waits oldest first', async () => {
    for (let n = 0; n < 3; n += 1) await addToOutbox(item(), NOON + n);
    expect((await listOf('UNSENT', 2)).map((entry) => entry.seq)).toEqual([1, 2]);
  });
});
