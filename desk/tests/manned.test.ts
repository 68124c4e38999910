import { describe, expect, it } from 'vitest';
import { counted, isMissing } from '../src/wall/manned';

describe('the wall on duty', () => {
  it.each([
    ['PLANNED', true],
    ['ABSENT', true],
    ['ON_DUTY', false],
    ['HANDED_OVER', false],
  ])('%s: should be there and is not: %s', (state, expected) => {
    expect(isMissing({ name: '王一', role: 'DUTY', state, begins_at: '', ends_at: '' })).toBe(expected);
  });

  it('leaves out of a line what nobody counts, and nothing else', () => {
    const none = { figure: 'HANDED_OVER', n: null, few: false };
    const few = { figure: 'QUARANTINE', n: null, few: true };
    const zero = { figure: 'GRID_PHONES', n: 0, few: false };
    expect(counted([none, few, zero])).toEqual([few, zero]);
    expect(counted([none])).toEqual([]);
  });
});
