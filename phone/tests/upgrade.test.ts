/** A new version finds what the old one wrote, and the old one leaves alone what it does not know. */
import Dexie from 'dexie';
import { beforeEach, describe, expect, it } from 'vitest';
import { itemId, type ParcelItem } from '../src/api/contract';
import { inState, nextRetryAt } from '../src/outbox/byState';
import { sealStored } from '../src/outbox/sealStored';
import { addToOutbox } from '../src/outbox/store';
import { database } from '../src/storage/database';
import { readSetting } from '../src/storage/settings';
import { CHECKPOINT, enrolIn, openCity, type City } from './city';
import { item, NOON, receipt } from './samples';

/** The program as it was before the outbox was sealed. */
class FirstVersion extends Dexie {
  constructor() {
    super(database.name);
    this.version(1).stores({ outbox: 'id, [state+seq], [state+settledAt]', settings: 'key', divisions: 'key' });
  }
}

function entry(of: ParcelItem, seq: number, changes: object = {}): object {
  const peopleCount = of.kind === 'PASSAGE' ? of.passage.people.length : 0;
  const never = { receipt: null, error: null, settledAt: null, shownAt: null, attempts: 0, retryAt: 0 };
  return { id: itemId(of), state: 'UNSENT', seq, capturedAt: NOON, peopleCount, item: of, ...never, ...changes };
}

let city: City;

beforeEach(async () => {
  city = await openCity();
  database.close();
  await Dexie.delete(database.name);
});

async function oldPhone(entries: object[]): Promise<void> {
  const old = new FirstVersion();
  await old.table('outbox').bulkAdd(entries);
  const enrolled = { token: 't', deviceId: 'd', checkpoint: CHECKPOINT, expiresAt: '2020-03-10T04:00:00Z' };
  await old.table('settings').bulkPut([{ key: 'enrolment', value: enrolled }, { key: 'outboxSeq', value: entries.length }]);
  old.close();
}

describe('the outbox of the first version', () => {
  it('goes on, whole and in order, and is sealed once there is a key', async () => {
    const [a, b, c] = [item(), item(), item()];
    const setAside = { state: 'SET_ASIDE', error: { code: 'X', zh: '', en: '' } };
    const settled = { state: 'ACKNOWLEDGED', settledAt: NOON, receipt: receipt(c) };
    await oldPhone([entry(a, 1, { retryAt: NOON + 5 }), entry(b, 2, setAside), entry(c, 3, settled)]);
    await database.open();
    expect(await inState('UNSENT').toArray()).toMatchObject([{ id: itemId(a), kind: 'PASSAGE', deviceId: 'd', item: a, clear: 1 }]);
    expect(await nextRetryAt()).toBe(NOON + 5);
    expect(await database.outbox.get(itemId(c))).toMatchObject({ state: 'ACKNOWLEDGED', item: null });
    await sealStored();
    expect((await database.outbox.get(itemId(a)))?.item).toEqual(a);
    await enrolIn(city);
    await sealStored();
    expect(await city.open((await database.outbox.get(itemId(a)))!.item!)).toEqual(a);
    expect((await database.outbox.get(itemId(b)))?.item).toMatchObject({ kind: 'SEALED', id: itemId(b) });
    await addToOutbox(item(), NOON);
    expect(await readSetting('outboxSeq')).toBe(4);
  });
});

describe('an older program on a newer outbox', () => {
  it('destroys nothing: the newer one finds all of it again', async () => {
    await database.open();
    await enrolIn(city);
    for (let n = 0; n < 3; n += 1) await addToOutbox(item(), NOON);
    const before = await database.outbox.toArray();
    database.close();
    const old = new FirstVersion();
    expect(await old.table('outbox').count()).toBe(3);
    old.close();
    await database.open();
    expect(await database.outbox.toArray()).toEqual(before);
  });

  it('that is still open in another tab goes on writing beside it', async () => {
    const old = new FirstVersion();
    await old.open();
    const late = item();
    await database.open();
    await old.table('outbox').add(entry(late, 1));
    old.close();
    expect(await inState('UNSENT').count()).toBe(1);
  });
});
