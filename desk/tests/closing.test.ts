import { describe, expect, it } from 'vitest';
import { difference, signed } from '../src/closing';

const recorded = { vehicles: 10, people: 25 };

describe('the difference between hand count and records', () => {
  it.each([
    ['10', '25', { vehicles: 0, people: 0 }],
    [' 12 ', '24', { vehicles: 2, people: -1 }],
    ['0', '0', { vehicles: -10, people: -25 }],
    ['', '25', null],
    ['12', '', null],
    ['-1', '25', null],
    ['1e3', '25', null],
    ['十', '25', null],
  ])('%s and %s', (vehicles, people, expected) => {
    expect(difference(vehicles, people, recorded)).toEqual(expected);
  });

  it.each([
    [0, '0'],
    [3, '+3'],
    [-2, '−2'],
    [-1200, '−1,200'],
  ])('%d is said as %s', (value, expected) => {
    expect(signed(value)).toBe(expected);
  });
});
