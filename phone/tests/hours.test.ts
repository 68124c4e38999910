/** The phone's shifts are the server's. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { shiftAt, SHIFTS } from '../src/shift/hours';

const SERVER = readFileSync(fileURLToPath(new URL('../../lianfang/checkpoints/shifts.py', import.meta.url)), 'utf8');

describe('the shifts of a day', () => {
  it('are those the server closes', () => {
    const said = [...SERVER.matchAll(/Shift\("(\w+)", (\d+), (\d+)\)/g)].map(([, code, from, to]) => [code, Number(from), Number(to)]);
    expect(SHIFTS.map(({ code, fromHour, toHour }) => [code, fromHour, toHour])).toEqual(said);
  });

  it.each([
    ['2020-02-09T16:00:00Z', 'NIGHT', '2020-02-10', '08:00', '2020-02-10T00:00:00Z'],
    ['2020-02-09T23:59:59Z', 'NIGHT', '2020-02-10', '08:00', '2020-02-10T00:00:00Z'],
    ['2020-02-10T00:00:00Z', 'DAY', '2020-02-10', '16:00', '2020-02-10T08:00:00Z'],
    ['2020-02-10T08:00:00Z', 'EVENING', '2020-02-10', '24:00', '2020-02-10T16:00:00Z'],
    ['2020-02-10T15:59:59Z', 'EVENING', '2020-02-10', '24:00', '2020-02-10T16:00:00Z'],
  ])('at %s: %s of %s until %s', (at, code, day, until, endsAt) => {
    expect(shiftAt(Date.parse(at))).toEqual({ code, day, until, endsAt: Date.parse(endsAt) });
  });
});
