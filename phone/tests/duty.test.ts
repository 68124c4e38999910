/** A shift on the phone: who stands there, until when, and what the end of it waits for. */
import { beforeEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import { preferences } from '../src/device/preferences';
import { desk, newCar } from '../src/form/session';
import { awaited } from '../src/measures/late';
import type { ClockIn } from '../src/api/device';
import { beginShift, changeLane, endShift, isOverdue, loadShift, lookAtTheClock, shift } from '../src/shift/shift';
import { tidyOfficer } from '../src/shift/useShiftStart';
import { database } from '../src/storage/database';
import { NOON } from './samples';

const HOUR = 3_600_000;
/** The day shift of 10 February: noon is in it. */
const DAY_ENDS = NOON + 4 * HOUR;
const START = { officer: 'A1024', lane: '2', crew: ['A1025', 'A1026'] };

async function clockIns(): Promise<ClockIn[]> {
  return ((await database.settings.get('clockIns'))?.value ?? []) as ClockIn[];
}

const at = (ms: number) => new Date(ms).toISOString();

beforeEach(() => {
  shift.value = null;
  awaited.clear();
  newCar();
});

describe('a shift', () => {
  it('is kept over a restart, with the lane and the crew', async () => {
    await beginShift(START, NOON);
    shift.value = null;
    await loadShift();
    expect(shift.value).toMatchObject({ officer: 'A1024', hours: { code: 'DAY', endsAt: DAY_ENDS } });
    expect(preferences).toMatchObject({ officer: 'A1024', lane: '2', crew: ['A1025', 'A1026'] });
  });

  it('clocks everybody in, and the same entries out', async () => {
    await beginShift(START, NOON);
    const came = await clockIns();
    expect(came.map(({ officer, lane, came_at, left_at }) => [officer, lane, came_at, left_at])).toEqual([
      ['A1024', '2', at(NOON), undefined],
      ['A1025', '2', at(NOON), undefined],
      ['A1026', '2', at(NOON), undefined],
    ]);
    await endShift(NOON + HOUR);
    expect(await clockIns()).toEqual(came.map((entry) => ({ ...entry, left_at: at(NOON + HOUR) })));
    expect(shift.value).toBeNull();
  });

  it('never lets anybody leave before coming, whatever the clock says', async () => {
    await beginShift(START, NOON);
    await endShift(NOON - HOUR);
    expect((await clockIns()).map(({ left_at }) => left_at)).toEqual([at(NOON), at(NOON), at(NOON)]);
  });

  it('goes on at another lane: out here, in there', async () => {
    await beginShift({ ...START, crew: [] }, NOON);
    await changeLane('1', NOON + HOUR);
    expect((await clockIns()).map(({ lane, came_at, left_at }) => [lane, came_at, left_at])).toEqual([
      ['2', at(NOON), at(NOON + HOUR)],
      ['1', at(NOON + HOUR), undefined],
    ]);
    expect(preferences.lane).toBe('1');
  });
});

describe('the end of the hours', () => {
  it('ends the shift when nothing is on the screen, at the hour itself', async () => {
    await beginShift({ ...START, crew: [] }, NOON);
    await lookAtTheClock(DAY_ENDS - 1);
    expect(shift.value).not.toBeNull();
    await lookAtTheClock(DAY_ENDS + HOUR);
    expect(shift.value).toBeNull();
    expect((await clockIns())[0]!.left_at).toBe(at(DAY_ENDS));
  });

  it('waits for the vehicle on the screen, and says so', async () => {
    await beginShift(START, NOON);
    desk.car.plate = '辽C12345';
    await lookAtTheClock(DAY_ENDS + 1);
    expect([shift.value?.officer, isOverdue.value, desk.car.plate]).toEqual(['A1024', true, '辽C12345']);
    newCar();
    await lookAtTheClock(DAY_ENDS + 2);
    expect([shift.value, isOverdue.value]).toEqual([null, false]);
  });

  it('waits for the measure of the vehicle just finished', async () => {
    await beginShift(START, NOON);
    awaited.add('some-record');
    await nextTick();
    await lookAtTheClock(DAY_ENDS + 1);
    expect(shift.value).not.toBeNull();
    awaited.clear();
    await lookAtTheClock(DAY_ENDS + 1);
    expect(shift.value).toBeNull();
  });

  it('is not put off by a clock set back by days', async () => {
    await beginShift(START, NOON);
    await lookAtTheClock(NOON - 30 * HOUR);
    expect(shift.value).toBeNull();
  });
});

describe('an officer’s number', () => {
  it('is what headquarters writes, whatever the keyboard made of it', () => {
    expect(['A1024', ' A1024 ', 'Ａ１０２４', 'A10\u000024', '警 0012'].map(tidyOfficer)).toEqual(['A1024', 'A1024', 'A1024', 'A1024', '警 0012']);
    expect(tidyOfficer('9'.repeat(99))).toHaveLength(32);
  });
});
