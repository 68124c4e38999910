import { expect, it } from 'vitest';
import { ranked } from '../src/wall/ranking';

const rows = [5, 4, 3, 2, 1].map((people) => ({ key: `k${people}`, name: `n${people}`, people, vehicles: people * 10 }));
const rest = (n: number) => `rest of ${n}`;

it('shows all lines when there is room', () => {
  expect(ranked(rows, 5, rest)).toBe(rows);
  expect(ranked([], 5, rest)).toEqual([]);
});

it('puts what is left into the last line, so that the sum stays the same', () => {
  const shown = ranked(rows, 3, rest);
  expect(shown.map(({ name, people, vehicles }) => [name, people, vehicles])).toEqual([['n5', 5, 50], ['n4', 4, 40], ['rest of 3', 6, 60]]);
});
