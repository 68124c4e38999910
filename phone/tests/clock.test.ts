import { expect, it } from 'vitest';
import { shanghaiDate, shanghaiHour, shanghaiTime, startOfShanghaiDay, yearsBetween } from '../src/clock/shanghai';

const LATE = Date.parse('2020-02-10T16:30:00Z');

it('the day begins at midnight in Shanghai, whatever the phone is set to', () => {
  expect(shanghaiDate(LATE)).toBe('2020-02-11');
  expect(shanghaiTime(LATE)).toBe('00:30');
  expect(shanghaiHour(LATE)).toBe(0);
  expect(startOfShanghaiDay(LATE)).toBe(Date.parse('2020-02-10T16:00:00Z'));
});

it('a birthday counts on its day', () => {
  expect(yearsBetween('1990-02-28', '2020-02-27')).toBe(29);
  expect(yearsBetween('1990-02-28', '2020-02-28')).toBe(30);
});
