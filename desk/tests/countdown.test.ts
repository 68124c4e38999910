import { expect, it } from 'vitest';
import { minutes } from '../src/countdown';

it.each([
  [900, '15:00'],
  [545, '9:05'],
  [0, '0:00'],
])('%i seconds read %s', (seconds, text) => {
  expect(minutes(seconds)).toBe(text);
});
