import { beforeEach, describe, expect, it } from 'vitest';
import { keepEnrolment } from '../src/device/enrolment';
import { choosePin, hasPin, isPin } from '../src/shift/pin';
import { countTry, forgiveTries, pauseAfter, pauseLeft } from '../src/shift/tries';
import { database } from '../src/storage/database';
import { NOON } from './samples';

const ENROLMENT = { token: 'device_one', deviceId: 'd', checkpoint: { code: 'HC03', name: '析木', lanes: 2, tier: 'BORDER', county: '海城' }, expiresAt: '2020-03-11T00:00:00Z' };
const MINUTE = 60_000;

beforeEach(() => keepEnrolment(ENROLMENT));

describe('a PIN', () => {
  it('is chosen once, and is then the only one that fits, for this officer only', async () => {
    expect(await hasPin('A1024')).toBe(false);
    await choosePin('A1024', '135790');
    expect([await hasPin('A1024'), await isPin('A1024', '135790'), await isPin('A1024', '135791')]).toEqual([true, true, false]);
    expect([await hasPin('A1025'), await isPin('A1025', '135790')]).toEqual([false, false]);
  });

  it('stands nowhere on the phone, and two officers with the same one cannot be told', async () => {
    await choosePin('A1024', '135790');
    await choosePin('A1025', '135790');
    const kept = JSON.stringify(await database.settings.toArray());
    expect(kept).not.toContain('135790');
    const { value } = (await database.settings.get('pins'))! as { value: Record<string, { digest: string; iterations: number }> };
    expect(value.A1024!.digest).not.toBe(value.A1025!.digest);
    expect(value.A1024!.iterations).toBeGreaterThanOrEqual(200_000);
  });

  it('is forgotten when the phone is enrolled with a new code', async () => {
    await choosePin('A1024', '135790');
    await keepEnrolment({ ...ENROLMENT, token: 'device_two' });
    expect([await hasPin('A1024'), await isPin('A1024', '135790')]).toEqual([false, false]);
  });

  it('stays when only the end of the enrolment moves', async () => {
    await choosePin('A1024', '1357');
    await keepEnrolment({ ...ENROLMENT, expiresAt: '2020-03-20T00:00:00Z' });
    expect(await isPin('A1024', '1357')).toBe(true);
  });

  it.each(['__proto__', 'constructor', 'toString'])('is not there for an officer called %s', async (officer) => {
    await choosePin('A1024', '1357');
    expect(await hasPin(officer)).toBe(false);
  });
});

describe('wrong PINs', () => {
  it('are free four times; then each pause is twice the last, up to a quarter of an hour', () => {
    expect([0, 1, 4, 5, 6, 7, 10, 40].map(pauseAfter)).toEqual([0, 0, 0, 30_000, 60_000, 120_000, 15 * MINUTE, 15 * MINUTE]);
  });

  it('are remembered over a restart, and forgiven by the right one', async () => {
    for (let wrong = 0; wrong < 5; wrong += 1) await countTry(NOON);
    expect(await pauseLeft(NOON + 10_000)).toBe(20_000);
    expect(await pauseLeft(NOON + 30_000)).toBe(0);
    await countTry(NOON + MINUTE);
    expect(await pauseLeft(NOON + MINUTE)).toBe(MINUTE);
    await forgiveTries();
    expect(await pauseLeft(NOON + MINUTE)).toBe(0);
  });

  it('cost no more than the pause when the clock is set back', async () => {
    for (let wrong = 0; wrong < 5; wrong += 1) await countTry(NOON);
    expect(await pauseLeft(NOON - 24 * 60 * MINUTE)).toBe(30_000);
  });
});
