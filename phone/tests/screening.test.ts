/** The phone decides what the server decides: both read tests/screening/cases.json. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import shared from '../../tests/screening/cases.json';
import type { Direction, WirePassage } from '../src/api/contract';
import { shanghaiDate } from '../src/clock/shanghai';
import { countedAt, facts } from '../src/device/facts';
import { decideAll } from '../src/form/decision';
import { hashOf } from '../src/screening/content';
import { decide } from '../src/screening/decide';
import type { Content } from '../src/screening/form';
import { factsOf, type ScreenedPerson } from '../src/screening/people';
import { canonicalCode, readBirth } from '../src/screening/reading';
import { followRules, isLapsed, keptRules, loadRules, refreshRules, rulesAreOver, rulesInForce, rulesWereEnded, type Rules } from '../src/screening/rules';
import { isUnderstood, questionsOf } from '../src/screening/understood';
import { readSetting, writeSetting } from '../src/storage/settings';
import { openLoopback, type Loopback } from './loopback';
import { openPage } from './page';
import { passage } from './samples';

interface Case {
  name: string;
  set: string;
  person: ScreenedPerson;
  direction: Direction;
  transport?: string;
  purpose?: string;
  on: string;
  lapsed?: boolean;
  rows: string[];
}

const cases = shared.cases as unknown as Case[];
const VALID = { from: '2020-02-01T00:00:00+08:00', to: '2020-03-01T00:00:00+08:00' };
const sets = Object.fromEntries(Object.entries(shared.sets).map(([name, set]) => [name, { ...set, valid: VALID } as unknown as Rules]));
const rules = sets['affected-areas']!;

function fromWuhan(changes: Partial<WirePassage> = {}): WirePassage {
  const sent = passage(changes);
  return { ...sent, people: [{ ...sent.people[0]!, from_code: '420100' }] };
}

function withRow(row: object): Rules {
  return { ...rules, rows: [{ ...rules.rows[0]!, ...row }] } as Rules;
}

describe('the rules in force', () => {
  it.each(cases)('$set: $name', ({ set, person, direction, transport = 'CAR', purpose, on, lapsed, rows }) => {
    const found = factsOf(person, { direction, transport, purpose }, on);
    expect(decide(sets[set]!, found, { lapsed }).rows).toEqual(rows);
  });

  it.each(Object.entries(sets))('%s is understood, and known by the hash of its content', async (_, { hash, valid: __, ...content }) => {
    expect(isUnderstood(content)).toBe(true);
    expect(await hashOf(content)).toBe(hash);
    expect(await hashOf({ ...content, source: 'another' })).not.toBe(hash);
  });
});

describe('measures', () => {
  const blank = factsOf({}, { direction: 'IN' }, '2020-02-13');
  const set = (...rows: object[]): Content => ({ ...rules, rows: rows.map((then, n) => ({ row: `r${n}`, when: [], then, say: { zh: '', en: '' } })) as never });

  it('come once a kind, the strictest of it, strongest first', () => {
    const home = { kind: 'QUARANTINE', place: 'HOME', days: 14 };
    const facility = { kind: 'QUARANTINE', place: 'FACILITY', days: 7 };
    expect(decide(set({ kind: 'REGISTER' }, home, facility, { ...home, days: 21 }, { kind: 'FEVER_CLINIC' }, { kind: 'TURN_BACK_PROPOSED' }), blank).measures).toEqual([
      { kind: 'FEVER_CLINIC', row: 'r4', place: null, days: null },
      { kind: 'TURN_BACK_PROPOSED', row: 'r5', place: null, days: null },
      { kind: 'QUARANTINE', row: 'r2', place: 'FACILITY', days: 7 },
      { kind: 'REGISTER', row: 'r0', place: null, days: null },
    ]);
    expect(decide(set(home, { ...home, days: 21 }, { ...home, days: 21 }), blank).measures).toMatchObject([{ row: 'r1', days: 21 }]);
  });

  it('are lifted by an exemption, which stays among the rows and asks for nothing', () => {
    expect(decide(set({ kind: 'QUARANTINE', days: 14 }, { kind: 'EXEMPT', lifts: ['r0'] }), blank)).toEqual({ rows: ['r1'], measures: [] });
  });

  it('that restrict anybody end with the time of the rules; care and registration go on', () => {
    const all = set({ kind: 'QUARANTINE' }, { kind: 'NOTIFY_GRID' }, { kind: 'TURN_BACK_PROPOSED' }, { kind: 'FEVER_CLINIC' }, { kind: 'RE_MEASURE' }, { kind: 'REGISTER' });
    expect(decide(all, blank, { lapsed: true }).measures.map(({ kind }) => kind)).toEqual(['FEVER_CLINIC', 'RE_MEASURE', 'REGISTER']);
  });

  it('are told with their place, days and sentence, and nothing more', () => {
    keptRules.value = { rules, confirmedAt: 0 };
    expect([...decideAll(fromWuhan()).values()][0]?.measures[0]).toEqual({
      kind: 'QUARANTINE',
      row: 'affected-area',
      place: 'HOME',
      days: 14,
      say: rules.rows.find(({ row }) => row === 'affected-area')!.say,
    });
  });
});

describe('division codes', () => {
  it.each([
    ['42', '420000'],
    ['4200', '420000'],
    ['420100', '420100'],
    ['4201', '420100'],
    ['420106', '420106'],
    ['420106000', '420106'],
    ['420106000000', '420106'],
    ['420106001000', '420106001'],
    ['210000000000', '210000'],
  ])('%s is %s', (code, canonical) => expect(canonicalCode(code)).toBe(canonical));
});

describe('what the server reads of a person', () => {
  it.each([
    ['RESIDENT_ID', '210381199003072018', '1990-03-07', 'a number whose check character is wrong still tells a birth'],
    ['RESIDENT_ID', ' 210381-19900307-201Ｘ', '1990-03-07', 'spaces, dashes and full-width letters are none'],
    ['OTHER', '210381199003072018', null, 'another document whose number is not sound does not'],
    ['PERMANENT_RESIDENCE', '911124198108030024', '1981-08-03', 'a permanent residence card of 2023 does'],
    ['PASSPORT', '210381199003072018', null, 'a passport never does'],
    ['RESIDENT_ID', '210381199013072018', null, 'a month that does not exist'],
    ['RESIDENT_ID', '210381202103072018', null, 'a day that has not come'],
  ])('%s %s: %s, for %s', (type, number, bornOn, _why) => expect(readBirth(type, number, '2020-02-13')).toBe(bornOn));

  it('answers are yes or no, a whole number or a code; words, halves and what is called oddly are no fact', () => {
    const answers = { yes: true, no: false, n: 3, code: 'A_1', words: '王某', half: 1.5, huge: 1e9, none: null, list: ['A'], PASS_CLASS: 'A', constructor_: 1 };
    expect(factsOf({ answers }, { direction: 'IN' }, '2020-02-13').answers).toEqual({ yes: true, no: false, n: 3, code: 'A_1', constructor_: 1 });
  });
});

describe('a rule set that this program does not know to its last word', () => {
  const condition = rules.rows[0]!.when[0]!;

  it.each([
    ['another form', { ...rules, form: 3 }],
    ['a fact', withRow({ when: [{ ...condition, fact: 'vaccinated' }] })],
    ['an operator', withRow({ when: [{ ...condition, op: 'ABOUT' }] })],
    ['an operator of another kind of fact', withRow({ when: [{ fact: 'direction', op: 'AT_LEAST', value: 1 }] })],
    ['a fact of unless', withRow({ unless: [{ fact: 'constructor', op: 'IS', value: true }] })],
    ['a value of another kind', withRow({ when: [{ ...condition, value: '373' }] })],
    ['days that are missing', withRow({ when: [{ fact: 'stays', op: 'UNDER', value: ['42'] }] })],
    ['a measure', withRow({ then: { kind: 'VACCINATE' } })],
    ['a place', withRow({ then: { kind: 'QUARANTINE', place: 'SHIP' } })],
    ['a row without a sentence', withRow({ say: undefined })],
    ['no areas', { ...rules, areas: undefined }],
    ['no rows', { ...rules, rows: null }],
    ['a row that is none', { ...rules, rows: [null] }],
    ['words', 'rules'],
    ['nothing', null],
    ['the form of before', { hash: 'x', thresholds: {}, affected_areas: ['42'], rows: [{ row: 'a', when: ['FEVER'], kind: 'REGISTER', directions: ['IN'] }], sentences: {} }],
  ])('%s: decides nothing, and throws at nobody', (_, odd) => {
    expect(isUnderstood(odd)).toBe(false);
    keptRules.value = { rules: odd as unknown as Rules, confirmedAt: 0 };
    expect(rulesInForce()).toBeNull();
    expect(decideAll(passage()).size).toBe(0);
  });

  it('is still asked for its questions, as far as they can be asked', () => {
    const asked = { key: 'been', kind: 'YES_NO', zh: '去过？', en: 'Been?' };
    const odd = { ...rules, rows: [null], questions: [asked, { ...asked, kind: 'DATE' }, { ...asked, kind: 'CHOICE' }, null] };
    expect(questionsOf(odd)).toEqual([asked]);
    expect(questionsOf({ ...odd, form: 3 })).toEqual([]);
  });
});

describe('the time of the rules', () => {
  it('is over at its last moment, by the clock of the server', () => {
    expect([-1, 0].map((ms) => isLapsed(rules, Date.parse(VALID.to) + ms))).toEqual([false, true]);
    expect(isLapsed({ ...rules, valid: null }, Date.parse(VALID.to))).toBe(false);
  });

  // As on the server: tests/journeys/test_wrong_clocks.py.
  it.each([
    ['a phone that knows nothing of its clock', '2020-02-29T15:59:00Z', null, false],
    ['a phone whose clock is slow', '2020-02-29T15:59:00Z', 2 * 60_000, true],
    ['a phone whose clock is slow by less than a minute', '2020-02-29T15:59:59Z', 59_999, false],
    ['a phone whose clock is fast', '2020-02-29T16:30:00Z', -40 * 60_000, false],
    ['a phone whose clock is years off', '2018-02-28T16:30:00Z', 731 * 86_400_000 - 60 * 60_000, false],
  ])('ends what restricts anybody at the moment it really is: %s', (_, occurred_at, offset, isOver) => {
    keptRules.value = { rules, confirmedAt: 0 };
    facts.clockOffsetMs = offset;
    const leads = [...decideAll(fromWuhan({ occurred_at })).values()][0]!.measures.map(({ kind }) => kind);
    facts.clockOffsetMs = null;
    expect(leads).toEqual(isOver ? ['REGISTER'] : ['QUARANTINE', 'REGISTER']);
  });

  it('counts what happened on the day that the server counts it on', () => {
    const at = Date.parse('2020-02-29T15:59:00Z');
    const days = [null, 60_000, -15 * 60_000, -16 * 60_000, 30 * 86_400_000, 31 * 86_400_000].map((offset) => {
      facts.clockOffsetMs = offset;
      return shanghaiDate(countedAt(at));
    });
    facts.clockOffsetMs = null;
    expect(days).toEqual(['2020-02-29', '2020-02-29', '2020-02-29', '2020-02-29', '2020-02-29', '2020-03-31']);
  });
});

describe('the rules kept on the phone', () => {
  let server: Loopback;
  let asked: number;

  beforeEach(async () => {
    server = await openLoopback();
    keptRules.value = null;
    asked = 0;
  });
  afterEach(async () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    await server.close();
  });

  function answering(status: number, body: unknown): void {
    server.answer = (_request, response) => {
      asked += 1;
      response.writeHead(status).end(JSON.stringify(body));
    };
  }

  it('are fetched once, and there again after a restart', async () => {
    answering(200, rules);
    await refreshRules();
    keptRules.value = null;
    await loadRules();
    expect(rulesInForce()).toEqual(rules);
  });

  it('are not replaced by what came damaged, nor by silence', async () => {
    answering(200, rules);
    await refreshRules();
    answering(200, { ...rules, areas: [] });
    await refreshRules({ evenIfFresh: true });
    expect(rulesInForce()).toEqual(rules);
    answering(500, { error: { code: 'BROKEN', zh: '', en: '' } });
    await refreshRules({ evenIfFresh: true });
    expect(rulesInForce()).toEqual(rules);
  });

  it('go when they are of before rules were data, without a word', async () => {
    const old = { hash: 'x', thresholds: {}, affected_areas: [], rows: [], sentences: {} };
    await writeSetting('rules', { rules: old, confirmedAt: Date.now() });
    await loadRules();
    expect([keptRules.value, await readSetting('rules')]).toEqual([null, null]);
    answering(200, rules);
    await refreshRules();
    expect(rulesInForce()).toEqual(rules);
  });

  it('that an officer ended are known from those that ran out, also after a restart, until they are renewed', async () => {
    facts.clockOffsetMs = Date.parse('2020-02-20T12:00:00Z') - Date.now();
    const told = async (to: string, changes: object = {}) => {
      answering(200, { ...rules, valid: { ...VALID, to }, ...changes });
      await refreshRules({ evenIfFresh: true });
      keptRules.value = null;
      await loadRules();
      return [rulesAreOver.value, rulesWereEnded.value];
    };
    expect(await told('2020-02-20T11:00:00Z')).toEqual([true, false]);
    expect(await told(VALID.to)).toEqual([false, false]);
    expect(await told('2020-02-20T11:00:00Z')).toEqual([true, true]);
    expect(await told('2020-02-20T11:00:00Z')).toEqual([true, true]);
    expect(await told(VALID.to)).toEqual([false, false]);
    expect(await told('2020-02-20T11:00:00Z', sets.numbers)).toEqual([false, false]);
    facts.clockOffsetMs = null;
  });

  it('are asked for as soon as the server names others, again when that failed, and when they are renewed', async () => {
    openPage();
    vi.stubGlobal('navigator', { onLine: true });
    facts.ruleSet = rules.hash;
    const renewed = { ...rules, valid: { ...VALID, to: '2100-01-01T00:00:00Z' } };
    answering(200, renewed);
    vi.useFakeTimers({ toFake: ['setInterval'] });
    followRules();
    await expect.poll(() => asked).toBe(1);
    await expect.poll(() => keptRules.value?.rules.valid?.to).toBe(renewed.valid.to);
    facts.readAt = 1;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(1);
    answering(500, {});
    Object.assign(facts, { ruleSet: sets.numbers!.hash, readAt: 2 });
    await expect.poll(() => asked).toBe(2);
    answering(200, sets.numbers);
    await vi.advanceTimersByTimeAsync(60_000);
    await expect.poll(() => keptRules.value?.rules.hash).toBe(sets.numbers!.hash);
    // Its time is over: whoever is near the end asks every minute, since a renewal has the same hash.
    answering(200, { ...sets.numbers, valid: renewed.valid });
    await vi.advanceTimersByTimeAsync(60_000);
    await expect.poll(() => keptRules.value?.rules.valid?.to).toBe(renewed.valid.to);
  });
});
