import { beforeEach, describe, expect, it } from 'vitest';
import { fromBase64, toBase64, uuidBytes } from '../src/api/bytes';
import { itemId, type SealedItem } from '../src/api/contract';
import { keepEnrolment } from '../src/device/enrolment';
import { mintId } from '../src/identity/uuid7';
import { inState } from '../src/outbox/byState';
import { isUsable, sealItem } from '../src/outbox/sealing';
import { sealStored } from '../src/outbox/sealStored';
import { addToOutbox, settle } from '../src/outbox/store';
import { database } from '../src/storage/database';
import { CHECKPOINT, enrolIn, openCity, type City } from './city';
import { item, NOON, receipt } from './samples';

let city: City;
const enrolledWithout = { token: 't', deviceId: 'd', checkpoint: CHECKPOINT, expiresAt: '2020-03-10T04:00:00Z' };

beforeEach(async () => {
  city = await openCity();
});

describe('a sealed record', () => {
  it('is opened by the city alone, under its own id', async () => {
    const one = item();
    const sealed = await sealItem(one, city.key);
    expect(sealed).toMatchObject({ kind: 'SEALED', id: itemId(one), session: { key_id: '2020-02' } });
    expect(await city.open(sealed)).toEqual(one);
    await expect((await openCity()).open(sealed)).rejects.toThrow();
    await expect(city.open({ ...sealed, id: mintId(NOON) })).rejects.toThrow();
  });

  it('says nothing of what is in it', async () => {
    const sealed = await sealItem(item(), city.key);
    expect(atob(sealed.ciphertext)).not.toContain('passage');
    expect(JSON.stringify(sealed)).not.toMatch(/王|辽|210381/);
  });

  it('changed by one bit is refused', async () => {
    const sealed = await sealItem(item(), city.key);
    const bytes = fromBase64(sealed.ciphertext);
    bytes[3]! ^= 1;
    await expect(city.open({ ...sealed, ciphertext: toBase64(bytes) })).rejects.toThrow();
  });

  it('wraps its key once a page, and again for a new month’s key', async () => {
    const [a, b] = [await sealItem(item(), city.key), await sealItem(item(), city.key)];
    expect(b.session).toEqual(a.session);
    expect(b.nonce).not.toBe(a.nonce);
    const march = await openCity('2020-03');
    const c = await sealItem(item(), march.key);
    expect(c.session).toMatchObject({ key_id: '2020-03' });
    expect(c.session.wrapped_key).not.toBe(a.session.wrapped_key);
    expect((await march.open(c)).kind).toBe('PASSAGE');
  });

  it('has a session of envelope length and a nonce of twelve bytes', async () => {
    const sealed = await sealItem(item(), city.key);
    expect(fromBase64(sealed.session.wrapped_key).length).toBe(65 + 32 + 16);
    expect(fromBase64(sealed.nonce).length).toBe(12);
  });
});

describe('a key', () => {
  it.each([null, undefined, { id: '', public: 'BA==' }, { id: 'x', public: 'not base64' }, { id: 'x', public: toBase64(new Uint8Array(65)) }])(
    'that is none is not used: %j',
    async (key) => expect(await isUsable(key)).toBe(false),
  );

  it('that turns out to be none costs no record: it waits in the clear and is sealed later', async () => {
    await keepEnrolment({ ...enrolledWithout, outboxKey: { id: 'bad', public: toBase64(new Uint8Array(65).fill(4)) } });
    const one = item();
    await addToOutbox(one, NOON);
    expect((await inState('UNSENT').toArray())[0]).toMatchObject({ clear: 1, item: { kind: 'PASSAGE' } });
    await enrolIn(city);
    await sealStored();
    const [entry] = await inState('UNSENT').toArray();
    expect(entry).not.toHaveProperty('clear');
    expect(await city.open(entry!.item!)).toMatchObject({ passage: { id: itemId(one), seq: 1 } });
  });
});

describe('records written before there was a key', () => {
  it('are sealed when there is one, and left alone until then', async () => {
    await keepEnrolment(enrolledWithout);
    for (let n = 0; n < 120; n += 1) await addToOutbox(item(), NOON);
    await sealStored();
    expect(await database.outbox.where('clear').equals(1).count()).toBe(120);
    await enrolIn(city);
    await Promise.all([sealStored(), sealStored()]);
    expect(await database.outbox.where('clear').equals(1).count()).toBe(0);
    expect(JSON.stringify(await database.outbox.toArray())).not.toMatch(/王测试|12345/);
  });

  it('are not brought back when they are acknowledged meanwhile', async () => {
    await keepEnrolment(enrolledWithout);
    const one = item();
    await addToOutbox(one, NOON);
    await enrolIn(city);
    const sealing = sealStored();
    await settle([{ id: itemId(one), state: 'ACKNOWLEDGED', receipt: receipt(one) }], NOON);
    await sealing;
    const entry = await database.outbox.get(itemId(one));
    expect(entry).toMatchObject({ state: 'ACKNOWLEDGED', item: null });
    expect(entry).not.toHaveProperty('clear');
  });
});

it('an id is its sixteen bytes', () => {
  expect([...uuidBytes('00112233-4455-6677-8899-aabbccddeeff')]).toEqual([0, 17, 34, 51, 68, 85, 102, 119, 136, 153, 170, 187, 204, 221, 238, 255]);
  const sealed: SealedItem = { kind: 'SEALED', id: 'x', session: { key_id: '', wrapped_key: '' }, nonce: '', ciphertext: '' };
  expect(itemId(sealed)).toBe('x');
});
