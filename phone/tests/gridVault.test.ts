import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clock, learnTime, serverNow } from '../src/grid/clock';
import { database } from '../src/grid/database';
import { eraseVault, hasVault, installVault, isPin, keepList, MOST_WRONG, openVault, prepareVault, readList } from '../src/grid/vault';
import { emptyPhone } from './gridding';
import { NOON } from './samples';

const WHO = [{ name: '王测试', address: '东区3号' }];

async function makeVault(pin: string): Promise<CryptoKey> {
  const prepared = await prepareVault(pin);
  await installVault(prepared);
  return prepared.key;
}

beforeEach(emptyPhone);

/** Everything that lies on the disk, as text; keys are objects that nobody can read. */
async function onTheDisk(): Promise<string> {
  const rows = await Promise.all(database.tables.map((table) => table.toArray()));
  const asText = (_: string, value: unknown) => (value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new TextDecoder().decode(value as ArrayBuffer) : value);
  return JSON.stringify(rows, asText);
}

describe('the lists on the phone', () => {
  it('open with the PIN after the page was closed, and lie sealed meanwhile', async () => {
    await keepList(await makeVault('2580'), 'doors', WHO);
    expect(await onTheDisk()).not.toMatch(/王测试|东区|2580/);
    const opening = await openVault('2580');
    expect(opening.kind).toBe('OPEN');
    expect(opening.kind === 'OPEN' && (await readList(opening.key, 'doors'))).toEqual(WHO);
  });

  it('need this phone’s own key beside the PIN, which no script reads out', async () => {
    await keepList(await makeVault('2580'), 'doors', WHO);
    const kept = (await database.keys.toArray())[0]!;
    expect(kept.key.extractable).toBe(false);
    const another = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']);
    await database.keys.put({ id: kept.id, key: another });
    expect((await openVault('2580')).kind).toBe('WRONG');
  });

  it('are gone after five wrong PINs, also when the page is closed after each', async () => {
    await keepList(await makeVault('2580'), 'doors', WHO);
    for (let left = MOST_WRONG - 1; left > 0; left -= 1) expect(await openVault('1111')).toEqual({ kind: 'WRONG', left });
    expect(await openVault('1112')).toEqual({ kind: 'ERASED' });
    expect(await hasVault()).toBe(false);
    expect([await database.lists.count(), await database.keys.count()]).toEqual([0, 0]);
    expect(await openVault('2580')).toEqual({ kind: 'NONE' });
  });

  it('count a try before they look at it, and forget the count with a right one', async () => {
    await makeVault('2580');
    await openVault('1111');
    await openVault('1111');
    await openVault('2580');
    expect(await openVault('1111')).toEqual({ kind: 'WRONG', left: MOST_WRONG - 1 });
    const closedInBetween = vi.spyOn(crypto.subtle, 'deriveBits').mockRejectedValue(new Error('the page was closed'));
    await expect(openVault('1111')).rejects.toThrow();
    closedInBetween.mockRestore();
    expect(await openVault('1111')).toEqual({ kind: 'WRONG', left: MOST_WRONG - 3 });
  });

  it('are not written by another tab into a vault that was erased', async () => {
    const key = await makeVault('2580');
    await eraseVault();
    await keepList(key, 'doors', WHO);
    expect(await database.lists.count()).toBe(0);
  });

  it('of a former enrolment go with the new one', async () => {
    await keepList(await makeVault('2580'), 'doors', WHO);
    const key = await makeVault('2580');
    expect(await readList(key, 'doors')).toBeNull();
  });

  it('keep the old vault when the new enrolment could not be written', async () => {
    await keepList(await makeVault('2580'), 'doors', WHO);
    const failing = installVault(await prepareVault('7931'), () => Promise.reject(new Error('full')));
    await expect(failing).rejects.toThrow();
    expect((await openVault('2580')).kind).toBe('OPEN');
  });

  it('take a PIN of four to eight digits', () => {
    expect(['123', '1234', '12345678', '123456789', '12a4', ''].map(isPin)).toEqual([false, true, true, false, false, false]);
  });
});

describe('the clock', () => {
  afterEach(() => Object.assign(clock, { offsetMs: null, seenAt: 0 }));

  it('is the server’s, half the way there and half back', async () => {
    await learnTime(new Date(NOON).toISOString(), NOON + 3_600_000, NOON + 3_600_100);
    expect(serverNow(NOON + 3_600_100)).toBe(NOON + 50);
  });

  it('is not turned back by turning back the phone’s', async () => {
    await learnTime(new Date(NOON).toISOString(), NOON, NOON);
    expect(serverNow(NOON - 20 * 3_600_000)).toBe(NOON);
  });

  it('believes no word that is no moment', async () => {
    await learnTime('soon', NOON, NOON);
    expect(clock.offsetMs).toBeNull();
  });
});
