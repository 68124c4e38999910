/** What is in memory in the clear goes when the screen locks. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { itemId } from '../src/api/contract';
import { forgetWhenLocked, readable, rememberClear } from '../src/outbox/readable';
import { openPage, type FakePage } from './page';
import { item } from './samples';

const one = item();
let page: FakePage;

beforeEach(() => {
  vi.useFakeTimers();
  page = openPage();
  forgetWhenLocked();
  rememberClear(one);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a glance at another program for less than a minute costs nothing', () => {
  page.hide();
  vi.advanceTimersByTime(59_000);
  page.show();
  vi.advanceTimersByTime(600_000);
  expect(readable(itemId(one))).not.toBeNull();
});

it('a minute in the dark does', () => {
  page.hide();
  vi.advanceTimersByTime(60_000);
  expect(readable(itemId(one))).toBeNull();
});

it.each([
  ['a phone that slept, its timers with it', 3_600_000],
  ['a clock that was set back meanwhile', -3_600_000],
])('%s forgets on waking', (_name, passed) => {
  page.hide();
  vi.setSystemTime(Date.now() + passed);
  page.show();
  expect(readable(itemId(one))).toBeNull();
});

it('leaving the page does', () => {
  page.fire('pagehide');
  expect(readable(itemId(one))).toBeNull();
});
