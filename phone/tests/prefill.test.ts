/** What a phone remembers of yesterday's car, and what it must not. */
import { describe, expect, it } from 'vitest';
import { emptyCar } from '../src/form/draft';
import { fillCar } from '../src/form/lastTrip';
import { KEPT_MS, lastTripOfDocument, lastTripOfPlate, rememberTrip } from '../src/form/prefill';
import { peopleOf } from '../src/form/draft';
import { database } from '../src/storage/database';
import { NOON, passage } from './samples';

const NUMBER = '210381199002280013';

function family() {
  return passage({
    people: [
      { id: '1', name: '王测试', phone: '13904160001', document: { type: 'RESIDENT_ID', number: NUMBER }, from_code: '420100', destination: { code: '210381104', address: '村东' } },
      { id: '2', name: '王小', document: { type: 'NONE' }, from_code: '420100' },
    ],
  });
}

describe('the last trip', () => {
  it('is found by the plate and by each document', async () => {
    await rememberTrip(family(), NOON);
    expect(await lastTripOfPlate('辽C12345', NOON + 1)).toMatchObject({ at: NOON, purpose: 'COMMUTE', transport: 'CAR', people: [{ documentType: 'RESIDENT_ID', fromCode: '420100', toCode: '210381104' }, { documentType: 'NONE' }] });
    expect((await lastTripOfDocument('RESIDENT_ID', NUMBER, NOON + 1))?.people).toHaveLength(1);
    expect(await lastTripOfPlate('辽C12346', NOON + 1)).toBeNull();
    expect(await lastTripOfDocument('PASSPORT', NUMBER, NOON + 1)).toBeNull();
  });

  it('holds no name, number, plate, telephone or address', async () => {
    await rememberTrip(family(), NOON);
    const stored = JSON.stringify(await database.prefill.toArray());
    for (const secret of ['王', '12345', NUMBER, '13904160001', '村东', '辽']) expect(stored).not.toContain(secret);
  });

  it('hides its keys under a key that cannot be read out of the phone', async () => {
    await rememberTrip(family(), NOON);
    const secret = (await database.settings.get('prefillSecret'))?.value as CryptoKey;
    await expect(crypto.subtle.exportKey('raw', secret)).rejects.toThrow();
  });

  it('is another key on another phone', async () => {
    await rememberTrip(family(), NOON);
    const keys = (await database.prefill.toArray()).map((row) => row.key);
    await database.settings.clear();
    await database.prefill.clear();
    await rememberTrip(family(), NOON);
    expect((await database.prefill.toArray()).some((row) => keys.includes(row.key))).toBe(false);
  });

  it('is forgotten after a day', async () => {
    await rememberTrip(family(), NOON);
    expect(await lastTripOfPlate('辽C12345', NOON + KEPT_MS)).toBeNull();
    await rememberTrip(passage({ plate: '辽C99999' }), NOON + KEPT_MS);
    expect(await database.prefill.count()).toBe(2);
  });

  it('is the latest one', async () => {
    await rememberTrip(family(), NOON);
    await rememberTrip(passage({ purpose: 'FREIGHT' }), NOON + 1000);
    expect(await lastTripOfPlate('辽C12345', NOON + 2000)).toMatchObject({ purpose: 'FREIGHT', people: [{}] });
  });
});

describe('one tap', () => {
  const trip = { at: NOON, transport: 'TAXI', purpose: 'COMMUTE', people: [{ documentType: 'RESIDENT_ID', fromCode: '420100', toCode: '210381' }, { documentType: 'NONE', fromCode: '420100', toCode: '' }] } as const;

  it('makes a line for each person, who is nobody until something is typed', () => {
    const car = emptyCar({ transport: 'CAR', direction: 'IN', temperatureSite: 'FOREHEAD' });
    fillCar(car, { ...trip, people: [...trip.people] });
    expect(car).toMatchObject({ transport: 'TAXI', purpose: 'COMMUTE', current: 0, people: [{ fromCode: '420100', inherited: ['fromCode', 'toCode'] }, { documentType: 'NONE' }] });
    expect(peopleOf(car)).toEqual([]);
  });

  it('leaves whom the officer has typed already', () => {
    const car = emptyCar({ transport: 'CAR', direction: 'IN', temperatureSite: 'FOREHEAD' });
    car.purpose = 'VISIT';
    car.people[0]!.name = '王测试';
    fillCar(car, { ...trip, people: [...trip.people] });
    expect(car).toMatchObject({ purpose: 'VISIT', current: 1, people: [{ name: '王测试' }, { isExpected: true }] });
  });
});
