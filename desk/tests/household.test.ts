import { expect, it } from 'vitest';
import { posterIn } from '../src/fragment';
import { randomId, unwellShown } from '../src/household';

it.each([
  ['#v_aB3-_x', 'v_aB3-_x'],
  ['', null],
  ['#v_', null],
  ['#display_aB3', null],
  ['#k_aB3', null],
  ['#v_a<script>', null],
])('%s carries the poster %s', (fragment, token) => {
  expect(posterIn(fragment)).toBe(token);
});

it('makes ids that the door takes, and another one each time', () => {
  expect(randomId()).toMatch(/^[0-9a-f]{32}$/);
  expect(randomId(true)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(randomId()).not.toBe(randomId());
});

it.each([
  [1, null, false],
  [1, 1, true],
  [2, 1, false],
  [12, 12, true],
])('%s unwell of %s at home can be chosen: %s', (number, people, shown) => {
  expect(unwellShown(number, people)).toBe(shown);
});
