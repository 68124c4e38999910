import { expect, it } from 'vitest';
import { codeIn } from '../src/grid/link';
import { isNew, within } from '../src/grid/list';
import { filled } from '../src/grid/words';

it.each([
  ['#7KQ2M9ABCD', '7KQ2M9ABCD'],
  ['', null],
  ['#7KQ2M9', null],
  ['#7KQ2M9ABCDE', null],
  ['#7kq2m9abcd', null],
  ['#0OI1L9ABCD', null],
  ['#<img src=x>', null],
])('the code behind %s is %s', (fragment, code) => {
  expect(codeIn(fragment)).toBe(code);
});

it('fills what a sentence leaves open, and nothing else', () => {
  expect(filled('{n} 人', { n: 3 })).toBe('3 人');
  expect(filled('{at} 的名单，{who}', { at: '8:30' })).toBe('8:30 的名单，{who}');
});

it.each([
  ['海城市西柳镇龙台村东区**', '东区**'],
  ['海城市西柳镇龙台村', '海城市西柳镇龙台村'],
  ['海城市西柳镇', '海城市西柳镇'],
  ['', ''],
])('%s is shown as %s under its own grid', (place, shown) => {
  expect(within('海城市西柳镇龙台村', place)).toBe(shown);
});

it.each([
  ['2020-02-20T08:00:00+08:00', true],
  ['2020-02-19T10:00:00Z', true],
  ['2020-02-19T09:59:59Z', false],
  ['2020-02-06T10:00:00Z', false],
])('what was decided at %s is new to whoever looks on the 20th at six: %s', (decidedAt, expected) => {
  expect(isNew(decidedAt, '2020-02-20T18:00:00+08:00')).toBe(expected);
});
