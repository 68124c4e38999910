/** An ambulance in one tap, completed when there is time. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { WirePassage } from '../src/api/contract';
import { loadUnfinished, noteFinished, saveEmergency, unfinished } from '../src/form/emergency';
import { saveCorrections } from '../src/form/finish';
import { desk, newCar, openRecord, person } from '../src/form/session';
import { inState } from '../src/outbox/byState';
import { settle } from '../src/outbox/store';
import { database } from '../src/storage/database';
import { NOON, receipt } from './samples';

beforeEach(async () => {
  newCar();
  await loadUnfinished(NOON);
});

async function outbox(): Promise<WirePassage[]> {
  const items = (await inState('UNSENT').toArray()).map((entry) => entry.item);
  return items.flatMap((item) => (item?.kind === 'PASSAGE' ? [item.passage] : []));
}

async function complete(): Promise<WirePassage> {
  const [header] = unfinished.value;
  openRecord('CORRECT', header!);
  Object.assign(desk.car, { plate: '辽A12345', noPlate: false });
  person.value.name = '王测试';
  await saveCorrections(header!, '事后补全', NOON + 60_000);
  return header!;
}

describe('an emergency vehicle', () => {
  it('is saved in one tap, and the car in the form waits', async () => {
    desk.car.plate = '辽C12345';
    await saveEmergency('急救车辆', NOON);
    expect(desk.car.plate).toBe('辽C12345');
    expect(await outbox()).toMatchObject([{ purpose: 'EMERGENCY', vehicle_note: '急救车辆', people: [], occurred_at: '2020-02-10T04:00:00.000Z' }]);
    await loadUnfinished(NOON);
    expect(unfinished.value).toHaveLength(1);
    expect(unfinished.value[0]).not.toHaveProperty('plate');
  });

  it('is completed under the same header, the plate as a correction', async () => {
    await saveEmergency('急救车辆', NOON);
    const [before] = await outbox();
    await settle([{ id: before!.id, state: 'ACKNOWLEDGED', receipt: receipt({ kind: 'PASSAGE', passage: before! }) }], NOON);
    await complete();
    const items = (await inState('UNSENT').toArray()).map((entry) => entry.item);
    expect(items).toMatchObject([
      { kind: 'PASSAGE', passage: { ...before, people: [{ name: '王测试' }] } },
      { kind: 'CORRECTION', correction: { of: before!.id, fields: { plate: '辽A12345' } } },
    ]);
    await noteFinished(before!.id);
    expect(unfinished.value).toEqual([]);
  });

  it('loses nobody when the answer to the first sending comes after the people were added', async () => {
    await saveEmergency('急救车辆', NOON);
    const [before] = await outbox();
    const lateAnswer = receipt({ kind: 'PASSAGE', passage: before! });
    await complete();
    await settle([{ id: before!.id, state: 'ACKNOWLEDGED', receipt: lateAnswer }], NOON);
    expect(await database.outbox.get(before!.id)).toMatchObject({ state: 'UNSENT', peopleCount: 1 });
  });

  it('is not asked for for ever', async () => {
    await saveEmergency('急救车辆', NOON);
    await loadUnfinished(NOON + 7 * 24 * 3_600_000);
    expect(unfinished.value).toEqual([]);
  });
});

describe('an earlier car opened in the middle of another', () => {
  it('gives the other back afterwards', async () => {
    await saveEmergency('急救车辆', NOON);
    desk.car.plate = '辽C12345';
    openRecord('CORRECT', unfinished.value[0]!);
    openRecord('CORRECT', unfinished.value[0]!);
    newCar();
    expect(desk).toMatchObject({ car: { plate: '辽C12345' }, purpose: { kind: 'NEW' }, parked: null });
    newCar();
    expect(desk.car.plate).toBe('');
  });
});
