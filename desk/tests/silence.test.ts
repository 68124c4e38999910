import { describe, expect, it } from 'vitest';
import type { CheckpointRow } from '../src/wall/answers';
import { ageOf, bySilence, stateOf } from '../src/wall/silence';

const NOW = Date.parse('2020-02-13T18:00:00+08:00');
const NONE = { passages: 0, vehicles: 0, people: 0 };

function post(code: string, minutes: number | null, open = true): CheckpointRow {
  const last = minutes === null ? null : new Date(NOW - minutes * 60_000).toISOString();
  return { code, name: code, today: NONE, last_record_at: last, open_now: open };
}

describe('silence of a checkpoint', () => {
  it.each([
    [0, 'FRESH'],
    [30, 'FRESH'],
    [31, 'AMBER'],
    [60, 'AMBER'],
    [61, 'RED'],
  ])('after %i minutes is %s', (minutes, state) => {
    expect(stateOf(post('A', minutes), NOW)).toBe(state);
  });

  it('alarms in open hours only', () => {
    expect(stateOf(post('A', 600, false), NOW)).toBe('CLOSED');
  });

  it('tells a checkpoint that never reported from one that fell silent', () => {
    expect(stateOf(post('A', null), NOW)).toBe('NEVER');
    expect(ageOf(post('A', null), NOW)).toBeNull();
  });

  it('takes a clock that runs ahead for just now', () => {
    expect(ageOf(post('A', -5), NOW)).toBe(0);
  });

  it('floats the longest silent to the top and lets the others stand still', () => {
    const rows = [post('C', 1), post('A', 2), post('D', 40), post('E', 400), post('B', null), post('F', 90), post('G', 5, false)];
    expect(bySilence(rows, NOW).map(({ code }) => code)).toEqual(['E', 'F', 'D', 'B', 'A', 'C', 'G']);
  });
});
