import { expect, it } from 'vitest';
import { tokenIn } from '../src/fragment';

it.each([
  ['#display_aB3-_x', 'display_aB3-_x'],
  ['', null],
  ['#', null],
  ['#main', null],
  ['#device_aB3', null],
  ['#display_', null],
  ['#display_a b', null],
  ['#display_a<script>', null],
])('%s carries %s', (fragment, token) => {
  expect(tokenIn(fragment)).toBe(token);
});
