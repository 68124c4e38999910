import { expect, test } from 'vitest';
import { asksForValue } from '../src/drafting';

test('a condition that asks whether anything was said, or any symptom, has no value', () => {
  expect(['MISSING', 'ANY', 'ANY_OF', 'AT_LEAST', 'ONE_OF', 'YES'].map(asksForValue)).toEqual([
    false,
    false,
    true,
    true,
    true,
    true,
  ]);
});
