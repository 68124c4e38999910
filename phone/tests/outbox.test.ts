import Dexie from 'dexie';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { itemId } from '../src/api/contract';
import { mintId } from '../src/identity/uuid7';
import { inState, listOf } from '../src/outbox/byState';
import { forgetClear, readable } from '../src/outbox/readable';
import { forgetSettled } from '../src/outbox/retention';
import { addToOutbox, settle } from '../src/outbox/store';
import { database } from '../src/storage/database';
import { enrolIn, openCity, type City } from './city';
import { item, measure, NOON, receipt } from './samples';

const HOUR = 3_600_000;

let city: City;

beforeEach(async () => {
  city = await openCity();
  await enrolIn(city);
  forgetClear();
});

async function acknowledged(records: number, at: number): Promise<string[]> {
  const items = Array.from({ length: records }, () => item());
  for (const one of items) await addToOutbox(one, at);
  await settle(items.map((one) => ({ id: itemId(one), state: 'ACKNOWLEDGED', receipt: receipt(one) })), at);
  return items.map(itemId);
}

describe('the outbox', () => {
  it('takes a second tap on 完成 as the same record', async () => {
    const one = item();
    await Promise.all([addToOutbox(one, NOON), addToOutbox(one, NOON + 1)]);
    await addToOutbox(one, NOON + 2);
    expect(await inState('UNSENT').count()).toBe(1);
  });

  it('numbers records from several tabs without a clash, inside what is sealed too', async () => {
    await Promise.all(Array.from({ length: 20 }, () => addToOutbox(item(), NOON)));
    const entries = await inState('UNSENT').toArray();
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
    const opened = await Promise.all(entries.map((entry) => city.open(entry.item!)));
    expect(opened.map((one) => one.kind === 'PASSAGE' && one.passage.seq)).toEqual(entries.map((entry) => entry.seq));
  });

  it('keeps corrections among the rest, in order', async () => {
    await addToOutbox(item(), NOON);
    const correction = { id: mintId(NOON), of: 'p', fields: { plate: '辽C12345' }, reason: '录入有误', occurred_at: '2020-02-10T04:00:00Z' };
    await addToOutbox({ kind: 'CORRECTION', correction }, NOON);
    const entries = await inState('UNSENT').toArray();
    expect(entries.map((entry) => [entry.kind, entry.item?.kind])).toEqual([['PASSAGE', 'SEALED'], ['CORRECTION', 'SEALED']]);
    expect(await city.open(entries[1]!.item!)).toEqual({ kind: 'CORRECTION', correction });
  });

  it('leaves no gap and no half a record when the page is killed between sealing and writing', async () => {
    await addToOutbox(item(), NOON);
    const killed = vi.spyOn(database, 'transaction').mockImplementationOnce(() => new Dexie.Promise(() => undefined));
    void addToOutbox(item(), NOON);
    await expect.poll(() => killed.mock.calls.length).toBe(1);
    killed.mockRestore();
    await addToOutbox(item(), NOON);
    expect((await inState('UNSENT').toArray()).map((entry) => entry.seq)).toEqual([1, 2]);
  });

  it('writes nothing, and takes no number, when the phone is full', async () => {
    const full = vi.spyOn(database.outbox, 'add').mockImplementationOnce(() => Dexie.Promise.reject(new DOMException('full', 'QuotaExceededError')));
    const one = item();
    await expect(addToOutbox(one, NOON)).rejects.toThrow('full');
    expect(readable(itemId(one))).toBeNull();
    full.mockRestore();
    await addToOutbox(one, NOON);
    expect(await inState('UNSENT').toArray()).toMatchObject([{ id: itemId(one), seq: 1 }]);
  });

  it('keeps the last twenty records readable in memory, until the screen locks', async () => {
    const items = Array.from({ length: 21 }, () => item());
    for (const one of items) await addToOutbox(one, NOON);
    expect(items.filter((one) => readable(itemId(one))).length).toBe(20);
    expect(readable(itemId(items[0]!))).toBeNull();
    expect(readable(itemId(items[20]!))).toMatchObject({ passage: { plate: '辽C12345', seq: 21 } });
    forgetClear();
    expect(readable(itemId(items[20]!))).toBeNull();
  });
});

describe('what the phone forgets', () => {
  it('drops even the sealed content with the receipt, and the receipt after a day, keeping id and count', async () => {
    const [id] = await acknowledged(1, NOON);
    expect(await database.outbox.get(id!)).toMatchObject({ item: null, receipt: { id } });
    await forgetSettled(NOON + 23 * HOUR);
    expect((await database.outbox.get(id!))?.receipt).not.toBeNull();
    await forgetSettled(NOON + 25 * HOUR);
    expect(await database.outbox.get(id!)).toMatchObject({ id, item: null, receipt: null, peopleCount: 1, state: 'ACKNOWLEDGED' });
  });

  it('keeps what was set aside, sealed', async () => {
    const one = item();
    await addToOutbox(one, NOON);
    await settle([{ id: itemId(one), state: 'SET_ASIDE', receipt: receipt(one, 'SET_ASIDE', [{ measures: [measure('QUARANTINE')] }]) }], NOON);
    await forgetSettled(NOON + 1000 * HOUR);
    expect(await database.outbox.get(itemId(one))).toMatchObject({ state: 'SET_ASIDE', item: { kind: 'SEALED' } });
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
