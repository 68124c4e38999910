import { describe, expect, it } from 'vitest';
import { momentOf } from '../src/grid/moments';
import { shortName } from '../src/grid/phones';
import { attempts, bySubject, ofHousehold, ofPerson } from '../src/grid/standing';
import { chosen, find, inOrder, keyOf, matches, nextAfter, progressOf, stopsOf } from '../src/grid/walking';
import { door, household, person, rowAbout } from './gridding';
import { NOON } from './samples';

const HOUR = 3_600_000;
const nothing = bySubject([]);

describe('how somebody stands', () => {
  const one = person({ state: 'SENT' });
  const after = (...rows: ReturnType<typeof rowAbout>[]) => ofPerson(one, bySubject(rows), NOON);

  it('is the server’s word while this phone has said nothing', () => {
    expect(ofPerson(one, nothing, NOON)).toMatchObject({ state: 'SENT', mark: null });
  });

  it('is what this phone said at once, marked until it is sent', () => {
    expect(after(rowAbout(one.referral, 'ARRIVED'))).toMatchObject({ state: 'ARRIVED', mark: 'WAITING' });
  });

  it('stays what was said when the list is read anew before the answer was sent', () => {
    const later = NOON + HOUR;
    expect(ofPerson(one, bySubject([rowAbout(one.referral, 'ARRIVED')]), later)).toMatchObject({ state: 'ARRIVED', mark: 'WAITING' });
  });

  it('is the last of several, in the order they were said', () => {
    expect(after(rowAbout(one.referral, 'ARRIVED', { seq: 10 }), rowAbout(one.referral, 'NOT_HERE', { seq: 9 }))).toMatchObject({ state: 'ARRIVED' });
  });

  it('is what the server made of it until the list knows', () => {
    const receipt = { id: '', status: 'ACCEPTED' as const, state: 'WRONG_ADDRESS' as const };
    const row = rowAbout(one.referral, 'MOVED_ON', { state: 'ACKNOWLEDGED', settledAt: NOON + 1, receipt });
    expect(after(row)).toMatchObject({ state: 'WRONG_ADDRESS', mark: null });
    expect(ofPerson({ ...one, state: 'ACCEPTED' }, bySubject([row]), NOON + 2)).toMatchObject({ state: 'ACCEPTED' });
  });

  it('is done here when the server sent the person on to another clock', () => {
    const receipt = { id: '', status: 'ACCEPTED' as const, state: 'SENT' as const };
    expect(after(rowAbout(one.referral, 'WRONG_ADDRESS', { state: 'ACKNOWLEDGED', settledAt: NOON, receipt }))).toMatchObject({ state: 'WRONG_ADDRESS' });
  });

  it.each(['SET_ASIDE', 'CONFLICT'] as const)('is the server’s word with a mark and its reason when the answer came back %s', (state) => {
    const say = { zh: '不在您的网格', en: 'not yours' };
    const row = rowAbout(one.referral, 'ARRIVED', { state, receipt: { id: '', status: state, say } });
    expect(after(row)).toMatchObject({ state: 'SENT', mark: 'ASIDE', say });
    expect(after({ ...row, state: 'SEEN' })).toMatchObject({ state: 'SENT', mark: null });
  });

  it('counts how often nobody was found', () => {
    const tries = [1, 2].map((seq) => rowAbout(one.referral, 'NOT_HERE', { seq }));
    expect(attempts(one, bySubject(tries))).toBe(2);
    expect([attempts(one, nothing), attempts({ ...one, state: 'NOT_HERE' }, nothing)]).toEqual([0, 1]);
  });
});

describe('the day’s doors', () => {
  const home = door([person({ state: 'ARRIVED' })]);
  const first = door([person()]);
  const family = door([person(), person({ state: 'NOT_HERE' })]);
  const fever = door([person({ urgent: true })], { household: null });
  const stops = stopsOf([home, first, family, fever], nothing, NOON, NOON);

  it('are done when everybody behind them was found or sent on', () => {
    expect(progressOf(stops)).toEqual({ done: 1, all: 4 });
    expect(stops.map(({ open }) => open)).toEqual([0, 1, 2, 1]);
    expect([chosen(stops, 'OPEN').length, chosen(stops, 'DONE').length, chosen(stops, 'ALL').length]).toEqual([3, 1, 4]);
  });

  it('begin with the urgent ones and go on as one walks', () => {
    expect(inOrder(stops).map(({ door }) => door)).toEqual([fever, home, first, family]);
    const answered = bySubject([rowAbout(fever.people[0]!.referral, 'ARRIVED')]);
    expect(inOrder(stopsOf([home, fever], answered, NOON, NOON)).map(({ door }) => door)).toEqual([home, fever]);
  });

  it('lead onward from one to the next that is open, and round to the beginning', () => {
    expect(nextAfter(stops, keyOf(first))?.door).toBe(family);
    expect(nextAfter(stops, keyOf(family))?.door).toBe(fever);
    expect(nextAfter(stops, keyOf(fever))?.door).toBe(first);
    expect(nextAfter(stopsOf([first], nothing, NOON, NOON), keyOf(first))).toBeNull();
  });

  it('become late by the clock, and are not once somebody took them over', () => {
    const lateAt = (state: 'SENT' | 'ACCEPTED', hours: number) => stopsOf([door([person({ state })])], nothing, NOON, NOON + hours * HOUR)[0]?.late;
    expect([lateAt('SENT', 1), lateAt('SENT', 3), lateAt('ACCEPTED', 3)]).toEqual([false, true, false]);
  });

  it('are found again by anybody behind them when the list is read anew', () => {
    const [a, b] = [person(), person()];
    const before = keyOf(door([a, b], { household: null }));
    expect(find(stopsOf([door([b, a], { household: 'now-known' })], nothing, NOON, NOON), before)?.door.household).toBe('now-known');
    expect(find(stops, 'nobody')).toBeNull();
  });

  it('are found by number, address or name, however it is typed', () => {
    expect(matches('３ 号', '东区3号楼')).toBe(true);
    expect([matches('', 'x'), matches('西区', '东区3号', '王测试'), matches('王', '东区', '王测试')]).toEqual([true, false, true]);
  });
});

describe('a household', () => {
  const verify = (id: string) => rowAbout(id, 'SENT', { about: { kind: 'HOUSEHOLD', subject: id, said: 'VERIFIED' } });

  it('is unverified, verified, to verify again, or lived in otherwise', () => {
    const states = [{}, { verified_on: '2020-02-09' }, { verified_on: '2020-01-01', stale: true }, { occupancy: 'VACANT' as const }];
    expect(states.map((changes) => ofHousehold(household(changes), nothing, NOON).state)).toEqual(['UNVERIFIED', 'VERIFIED', 'STALE', 'VACANT']);
  });

  it('is verified by one tap before the server knows', () => {
    const one = household({ stale: true, verified_on: '2020-01-01' });
    expect(ofHousehold(one, bySubject([verify(one.id)]), NOON)).toMatchObject({ state: 'VERIFIED', mark: 'WAITING' });
  });

  it('is lived in as was said last', () => {
    const one = household();
    const rented = rowAbout(one.id, 'SENT', { about: { kind: 'HOUSEHOLD', subject: one.id, said: 'RENTED' } });
    expect(ofHousehold(one, bySubject([rented, verify(one.id)]), NOON)).toMatchObject({ state: 'RENTED', occupancy: 'RENTED' });
  });
});

describe('what stands above', () => {
  it('is the grid’s own name', () => {
    const names = ['辽宁省鞍山市海城市西柳镇西柳村', '辽宁省锦州市太和区汤河子街道第3网格', '辽宁省 鞍山市 海城市 西柳镇 西柳村', '西柳村', ''];
    expect(names.map(shortName)).toEqual(['西柳村', '第3网格', '西柳村', '西柳村', '']);
  });

  it('is the hour today, and the day with it on others, in Shanghai', () => {
    expect([momentOf(NOON, 'zh-Hans', NOON), momentOf(NOON, 'zh-Hans', NOON + 24 * HOUR), momentOf(NOON, 'en', 0)]).toEqual(['12:00', '2月10日 12:00', '10 Feb 12:00']);
    expect([momentOf(null, 'en'), momentOf('soon', 'en')]).toEqual(['', '']);
  });
});
