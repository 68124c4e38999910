import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { reactive } from 'vue';
import type { AnswerRow } from '../src/grid/answers';
import { database } from '../src/grid/database';
import { observed } from '../src/grid/lists';
import { report } from '../src/grid/observed/acts';
import { careSaid, isCaredFor, newCare, oddPhones } from '../src/grid/observed/care';
import type { AboutOrder, ObservedPerson, Thresholds, Verdict } from '../src/grid/observed/contract';
import { dayNumber, deadlineOf, halfBefore, halfDayOf, isOver, listOf, verdictOf } from '../src/grid/observed/rules';
import { answeredBy, ofOrder } from '../src/grid/observed/standing';
import { chosenDoors, doorsOf, findDoor, nextDoor, progressOf, sectionsOf } from '../src/grid/observed/walking';
import { bySubject } from '../src/grid/standing';
import { mintId } from '../src/identity/uuid7';
import { emptyPhone, enrolFor } from './gridding';

const HOUR = 3_600_000;
const by: Thresholds = {
  hash: 'x', fever: '37.3', inclusive: true, lowest: '34.0', highest: '43.0', morning_by: 600, evening_by: 1200, symptoms: ['FEVER', 'COUGH', 'OTHER'],
};
const moment = (text: string): number => Date.parse(`${text}:00+08:00`);
const NINE = moment('2020-02-20T09:00');
const nothing = bySubject([]);

interface Case {
  name: string;
  at: string;
  from: string;
  clinic?: boolean;
  reports: [string, 'MORNING' | 'EVENING', Verdict, string][];
  list: string;
}
const cases: Case[] = JSON.parse(readFileSync(fileURLToPath(new URL('../../tests/quarantine/lists.json', import.meta.url)), 'utf8'));

function someone(changes: Partial<ObservedPerson> = {}): ObservedPerson {
  return {
    order: mintId(NINE), number: '隔〔2020〕000001号', name: '王测试', phone: '13900000001', household: mintId(NINE), code: '0001', address: '东区3号',
    kind: 'HOME', state: 'IN_PLACE', day: 3, day0_on: '2020-02-17', last_on: '2020-03-02', observed_from: new Date(moment('2020-02-18T08:00')).toISOString(),
    on_list: 'MISSED', dependants: 'NO', care: [], follow_ups: [], reports: [], ...changes,
  };
}

function row(about: AboutOrder, changes: Partial<AnswerRow> = {}): AnswerRow {
  const blank = { item: null, receipt: null, error: null, settledAt: null, attempts: 0, retryAt: 0 };
  return { id: mintId(NINE), state: 'UNSENT', phone: 'p', seq: 1, capturedAt: NINE, about, ...blank, ...changes };
}

const well = ({ order }: ObservedPerson, said: Verdict = 'WELL', changes: Partial<AnswerRow> = {}) =>
  row({ kind: 'CHECK_IN', subject: order, said, day: '2020-02-20', half: 'MORNING' }, changes);
const stands = (person: ObservedPerson, rows: AnswerRow[] = [], now = NINE, asOf = NINE - HOUR) => ofOrder(person, bySubject(rows), by, asOf, now);

describe('lists', () => {
  it.each(cases)('$name, by the server’s own table', (one) => {
    const reports = one.reports.map(([day, half, verdict, at]) => ({ day, half, verdict, at: moment(at) }));
    const observation = { observedFrom: moment(one.from), reports, toClinic: one.clinic ?? false };
    expect(listOf(observation, moment(one.at), by)).toBe(one.list);
  });

  it('go by days of Asia/Shanghai, whatever the phone is set to', () => {
    expect(halfDayOf(moment('2020-02-20T11:59'))).toEqual({ day: '2020-02-20', half: 'MORNING' });
    expect(halfDayOf(moment('2020-02-20T12:00'))).toEqual({ day: '2020-02-20', half: 'EVENING' });
    expect(halfBefore({ day: '2020-03-01', half: 'MORNING' })).toEqual({ day: '2020-02-29', half: 'EVENING' });
    expect(deadlineOf({ day: '2020-02-20', half: 'EVENING' }, by)).toBe(moment('2020-02-20T20:00'));
    expect([dayNumber('2020-02-17', moment('2020-02-20T23:59')), dayNumber('2020-02-17', moment('2020-02-21T00:00'))]).toEqual([3, 4]);
    expect([isOver('2020-03-02', moment('2020-03-02T23:59')), isOver('2020-03-02', moment('2020-03-03T00:00'))]).toEqual([false, true]);
  });

  it('judge a report as the server does', () => {
    const judged = [[37.2, []], [37.3, []], [36.5, ['COUGH']], [null, ['OTHER']], [null, []], [33.9, []], [43.1, []]] as [number | null, string[]][];
    expect(judged.map(([celsius, symptoms]) => verdictOf(celsius, symptoms, by))).toEqual(['WELL', 'SYMPTOMATIC', 'SYMPTOMATIC', 'SYMPTOMATIC', 'NOT_READ', 'NOT_READ', 'NOT_READ']);
    expect(verdictOf(37.3, [], { ...by, inclusive: false })).toBe('WELL');
  });
});

describe('somebody under an order', () => {
  const one = someone();

  it('stands as the server’s list says, and goes on by the clock without network for a day', () => {
    const reported = someone({ reports: [{ day: '2020-02-19', half: 'EVENING', verdict: 'WELL', way: 'SELF', at: '2020-02-19T18:00:00+08:00' }] });
    const through = ['2020-02-20T09:00', '2020-02-20T10:00', '2020-02-20T12:00', '2020-02-21T08:00'];
    expect(through.map((at) => stands(reported, [], moment(at)).stand)).toEqual(['DUE', 'MISSED', 'MISSED', 'MISSED']);
    expect(stands(reported, [], moment('2020-02-21T08:00')).day).toBe(4);
    expect(stands(reported, [], moment('2020-03-03T00:00')).stand).toBe('OVER');
  });

  it('stays in sight with fever after the last day, until somebody releases him', () => {
    const felt = someone({ reports: [{ day: '2020-03-03', half: 'MORNING', verdict: 'SYMPTOMATIC', way: 'GRID_DOOR', at: '2020-03-03T08:00:00+08:00' }] });
    expect(stands(felt, [], moment('2020-03-03T09:00')).stand).toBe('SYMPTOMATIC');
    const asked = someone({ follow_ups: [{ id: 'f', kind: 'CLINIC', since_day: '2020-03-02', since_half: 'EVENING', due_at: '2020-03-02T21:00:00+08:00' }] });
    expect(stands(asked, [], moment('2020-03-03T09:00')).stand).toBe('SYMPTOMATIC');
  });

  it('has reported as soon as it is said, marked until it is sent', () => {
    expect(stands(one).stand).toBe('MISSED');
    expect(stands(one, [well(one)])).toMatchObject({ stand: 'DONE', mark: 'WAITING' });
    expect(stands(one, [well(one, 'SYMPTOMATIC')])).toMatchObject({ stand: 'SYMPTOMATIC' });
    expect(stands(one, [well(one)], moment('2020-02-20T12:30')).stand).toBe('DUE');
  });

  it('is judged by what the server made of the report, and not twice once its list knows', () => {
    const taken = well(one, 'WELL', { state: 'ACKNOWLEDGED', settledAt: NINE, receipt: { id: '', status: 'ACCEPTED', verdict: 'SYMPTOMATIC' } });
    expect(stands(one, [taken])).toMatchObject({ stand: 'SYMPTOMATIC', mark: null });
    expect(stands(one, [taken], NINE, NINE + 1).reports).toEqual([]);
  });

  it.each(['SET_ASIDE', 'CONFLICT'] as const)('has not reported where the report came back %s, and says so', (state) => {
    expect(stands(one, [well(one, 'WELL', { state })])).toMatchObject({ stand: 'MISSED', mark: 'ASIDE' });
  });

  it('is told, in place, gone and back, each by one tap', () => {
    const ordered = someone({ state: 'ORDERED', observed_from: null, on_list: null });
    const order = (said: 'NOTIFIED' | 'IN_PLACE' | 'BROKEN' | 'BLOCKED', seq = 1) => row({ kind: 'ORDER', subject: ordered.order, said }, { seq });
    expect(stands(ordered)).toMatchObject({ state: 'ORDERED', stand: 'TO_PLACE' });
    expect(stands(ordered, [order('NOTIFIED')])).toMatchObject({ state: 'NOTIFIED', stand: 'TO_PLACE', mark: 'WAITING' });
    expect(stands(ordered, [order('IN_PLACE')])).toMatchObject({ state: 'IN_PLACE', stand: 'DUE' });
    expect(stands(ordered, [order('IN_PLACE')], NINE + HOUR).stand).toBe('MISSED');
    expect(stands(ordered, [order('IN_PLACE'), order('BROKEN', 2)])).toMatchObject({ state: 'BROKEN', stand: 'BROKEN' });
    expect(stands(ordered, [order('BLOCKED')])).toMatchObject({ state: 'ORDERED', stand: 'TO_PLACE', blocked: true });
  });

  it('is not in place where the server knows of nobody who cares', () => {
    const ordered = someone({ state: 'NOTIFIED', observed_from: null });
    const receipt = { id: '', status: 'ACCEPTED' as const, order_state: 'NOTIFIED' as const, code: 'NO_CARER_YET' };
    const placed = row({ kind: 'ORDER', subject: ordered.order, said: 'IN_PLACE' }, { state: 'ACKNOWLEDGED', settledAt: NINE, receipt });
    expect(stands(ordered, [placed])).toMatchObject({ state: 'NOTIFIED', blocked: true });
  });

  it('is followed up once', () => {
    const ill = someone({ follow_ups: [{ id: 'f', kind: 'CLINIC', since_day: '2020-02-20', since_half: 'MORNING', due_at: '' }] });
    expect(stands(ill)).toMatchObject({ stand: 'SYMPTOMATIC', followUps: [{ id: 'f' }] });
    const at = row({ kind: 'FOLLOW_UP', subject: 'f', said: 'NOT_ILL' });
    expect(stands(ill, [at, well(ill)])).toMatchObject({ stand: 'DONE', followUps: [], mark: 'WAITING' });
    expect(stands(ill, [{ ...at, state: 'SET_ASIDE' }])).toMatchObject({ followUps: [{ id: 'f' }], mark: 'ASIDE' });
  });
});

describe('a report', () => {
  const asked = (['CALL', 'VISIT', 'CLINIC'] as const).map((kind) => ({ id: kind, kind, since_day: '', since_half: 'MORNING' as const, due_at: '' }));
  const answered = (said: Verdict, way: 'GRID_DOOR' | 'GRID_PHONE') => answeredBy(said, way, asked).map(({ id, outcome }) => [id, outcome]);

  it('answers the call, and at the door the visit, that somebody asked for', () => {
    expect(answered('WELL', 'GRID_DOOR')).toEqual([['CALL', 'WELL'], ['VISIT', 'WELL']]);
    expect(answered('SYMPTOMATIC', 'GRID_PHONE')).toEqual([['CALL', 'UNWELL']]);
    expect(answered('NOT_READ', 'GRID_DOOR')).toEqual([]);
  });

  it('is written down as it was chosen on the screen, also before there is a key to seal it', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    await emptyPhone();
    await enrolFor(null);
    observed.value = { division: { code: '', name: '' }, as_of: '', thresholds: by, people: [], more: false };
    const one = someone();
    expect(await report(one, { celsius: 38.2, symptoms: reactive(['COUGH']), way: 'GRID_PHONE' }, asked)).toBe(true);
    const rows = await database.outbox.toArray();
    const told = rows.sort((a, b) => a.seq - b.seq).map(({ item, about }) => [item?.kind, about.kind, about.subject, about.said]);
    expect(told).toEqual([['FOLLOW_UP', 'FOLLOW_UP', 'CALL', 'UNWELL'], ['CHECK_IN', 'CHECK_IN', one.order, 'SYMPTOMATIC']]);
    expect(rows[1]!.item).toMatchObject({ order: one.order, celsius: 38.2, symptoms: ['COUGH'], way: 'GRID_PHONE' });
  });
});

describe('the doors of those who are observed', () => {
  const reported = { reports: [{ day: '2020-02-20', half: 'MORNING' as const, verdict: 'WELL' as const, way: 'SELF', at: '2020-02-20T08:00:00+08:00' }] };
  const home = mintId(NINE);
  const done = someone({ address: '东区1号', ...reported });
  const [mother, child] = [someone({ household: home, ...reported }), someone({ household: home })];
  const newcomer = someone({ household: null, address: '东区9号', state: 'ORDERED' });
  const missing = someone({ address: '东区8号' });
  const people = [done, mother, newcomer, child, missing].map((person) => ({ person, standing: ofOrder(person, nothing, by, NINE, NINE) }));
  const doors = doorsOf(people);

  it('hold a household together, as one walks, and stand as the most pressing behind them', () => {
    expect(doors.map(({ stand, people: behind }) => [stand, behind.length])).toEqual([['DONE', 1], ['MISSED', 2], ['TO_PLACE', 1], ['MISSED', 1]]);
  });

  it('begin with those who are missing and end with those who reported', () => {
    expect(sectionsOf(doors).map(({ stand, doors: some }) => [stand, some.length])).toEqual([['MISSED', 2], ['TO_PLACE', 1], ['DONE', 1]]);
    expect([chosenDoors(doors, 'OPEN').length, chosenDoors(doors, 'DONE').length, chosenDoors(doors, 'ALL').length]).toEqual([3, 1, 4]);
  });

  it('lead onward and are found by anybody behind them', () => {
    expect(findDoor(doors, child.order)).toBe(doors[1]);
    expect([nextDoor(doors, child.order), nextDoor(doors, missing.order), nextDoor(doors, newcomer.order), nextDoor([doors[0]!], done.order)]).toEqual([doors[3], doors[2], doors[1], null]);
    expect(findDoor(doors, 'nobody')).toBeNull();
  });

  it('count who reported of those who are asked', () => {
    expect(progressOf(people)).toEqual({ done: 2, all: 4 });
  });
});

describe('the four questions', () => {
  const answered = (changes: object) => {
    const drafts = newCare();
    Object.assign(drafts.DEPENDANTS, changes);
    return drafts;
  };

  it('send what was asked and nothing else', () => {
    expect(careSaid(newCare())).toEqual({});
    const drafts = answered({ needed: true, need: ' 三岁的孙子 ', carer: '邻居', phone: '' });
    Object.assign(drafts.MEDICINE, { needed: false, need: 'typed before' });
    expect(careSaid(drafts)).toEqual({ DEPENDANTS: { needed: true, need: '三岁的孙子', carer: '邻居' }, MEDICINE: { needed: false } });
  });

  it('let nobody be in place while nobody asked, or is named, for who depends on him', () => {
    const fresh = someone({ dependants: null });
    const of = (changes: object) => isCaredFor(fresh, careSaid(answered(changes)));
    expect([of({}), of({ needed: false }), of({ needed: true }), of({ needed: true, carer: ' ' }), of({ needed: true, carer: '王婶' })]).toEqual([false, true, false, false, true]);
    expect([isCaredFor(fresh, null), isCaredFor(someone(), null), isCaredFor(someone({ dependants: 'YES' }), null)]).toEqual([false, true, true]);
    expect(isCaredFor(someone({ dependants: 'YES', care: [{ kind: 'DEPENDANTS', has_carer: false }] }), null)).toBe(false);
  });

  it('mind a telephone number that is none', () => {
    expect([oddPhones(answered({ needed: true, phone: '12' })), oddPhones(answered({ needed: true, phone: '13900000001' })), oddPhones(answered({ needed: false, phone: '12' }))]).toEqual([['DEPENDANTS'], [], []]);
  });
});
