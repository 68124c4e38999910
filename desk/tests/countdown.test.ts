import { expect, it } from 'vitest';
import { hours, minutes } from '../src/countdown';

it.each([
  [900, '15:00'],
  [545, '9:05'],
  [0, '0:00'],
])('%i seconds read %s', (seconds, text) => {
  expect(minutes(seconds)).toBe(text);
});

it.each([
  [10_800, '3 小时 0 分'],
  [7_999, '2 小时 13 分'],
  [59, '0 小时 0 分'],
])('%i seconds of broken glass read %s', (seconds, text) => {
  expect(hours(seconds, '{h} 小时 {m} 分')).toBe(text);
});
