import { describe, expect, it } from 'vitest';
import { isDue, troubleOf, type Course, type Told } from '../src/wall/schedule';

const pace = { every: 1_000, quiet: 30_000 };
const course = (changes: Partial<Course> = {}): Course => ({ askedAt: 0, isAsking: false, trouble: null, version: 7, ...changes });
const streaming: Told = { isStreaming: true, version: 7 };

describe('a tile is asked for', () => {
  it('at once when it never was', () => {
    expect(isDue(course({ askedAt: -Infinity, version: null }), pace, { isStreaming: false, version: null }, 0)).toBe(true);
  });

  it.each([
    ['news, at most once a second', {}, { isStreaming: true, version: 8 }, 999, 1_000],
    ['no news: rarely', {}, streaming, 29_999, 30_000],
    ['no stream: every five seconds', {}, { isStreaming: false, version: 7 }, 4_999, 5_000],
    ['news of a version from before a restore', {}, { isStreaming: true, version: 2 }, 999, 1_000],
    ['a failure, even with news', { trouble: 'UNREACHABLE' as const }, { isStreaming: true, version: 8 }, 4_999, 5_000],
    ['figures that are counted anew', { trouble: 'REBUILDING' as const }, streaming, 4_999, 5_000],
    ['a screen that was signed out', { trouble: 'SIGNED_OUT' as const }, { isStreaming: true, version: 8 }, 14_999, 15_000],
    ['a display that was stopped', { trouble: 'ENDED' as const }, streaming, 14_999, 15_000],
  ])('after %s', (_, changes, told, early, late) => {
    expect(isDue(course(changes), pace, told, early)).toBe(false);
    expect(isDue(course(changes), pace, told, late)).toBe(true);
  });

  it('never twice at a time', () => {
    expect(isDue(course({ isAsking: true }), pace, { isStreaming: true, version: 8 }, 60_000)).toBe(false);
  });
});

describe('no answer means', () => {
  it.each([
    [401, 'DISPLAY_ENDED', 'ENDED'],
    [401, 'NOT_SIGNED_IN', 'SIGNED_OUT'],
    [403, 'NOT_PERMITTED', 'SIGNED_OUT'],
    [503, 'REBUILDING', 'REBUILDING'],
    [503, '', 'UNREACHABLE'],
    [500, '', 'UNREACHABLE'],
    [404, '', 'UNREACHABLE'],
  ])('%i %s: %s', (status, code, trouble) => {
    expect(troubleOf(status, code)).toBe(trouble);
  });
});
