/** Form as data: what the rules ask is on the form as soon as they are, answered or not, and goes along under its key. */
import { beforeEach, describe, expect, it } from 'vitest';
import { effectScope, nextTick, reactive, ref } from 'vue';
import { corrections } from '../src/form/correction';
import { emptyCar, emptyPerson, isBlankPerson, type PersonDraft } from '../src/form/draft';
import { missingOfPerson } from '../src/form/missing';
import { toPassage } from '../src/form/passage';
import { toDraft } from '../src/form/reopen';
import { desk, newCar, openRecord, person as shownPerson } from '../src/form/session';
import { stepAfter } from '../src/form/steps';
import { answerOf, askedBy, RESIDENT, setAnswer, type Asked } from '../src/questions/asked';
import { readWhole } from '../src/questions/number';
import { useWhole } from '../src/questions/useWhole';
import { asked, openAfter } from '../src/questions/useAsked';
import { keptRules, type Rules } from '../src/screening/rules';
import { passage } from './samples';

const CARRIED = { transport: 'CAR', direction: 'IN', temperatureSite: 'FOREHEAD' } as const;
const AT = '2020-02-10T04:00:00.000Z';
const POST = { checkpoint: 'HC03', lane: '2', officer: '', crew: [] };

const BEEN = { key: 'been_to_market', kind: 'YES_NO', zh: '近14天去过批发市场吗？', en: 'Been to a wholesale market?' };
const ROUTE = { key: 'route', kind: 'CHOICE', zh: '走哪条路来的？', en: 'Which road?', choices: [{ code: 'G15', zh: '沈海', en: 'G15' }, { code: 'OTHER', zh: '其他', en: 'Other' }] };
const NIGHTS = { key: 'nights', kind: 'NUMBER', zh: '打算住几晚？', en: 'How many nights?', directions: ['IN'] };
const say = { zh: '登记', en: 'Registered' };

function rulesAsking(questions: object[], unless: object[] = []): Rules {
  const row = { row: 'arrival', when: [], unless, then: { kind: 'REGISTER' }, say };
  return { hash: 'h', valid: null, form: 2, title: say, source: '', areas: [], questions, rows: [row] } as unknown as Rules;
}

function put(rules: Rules): void {
  keptRules.value = { rules, confirmedAt: 0 };
}

const three = askedBy(rulesAsking([BEEN, ROUTE, NIGHTS]), 'IN');
const [been, route, nights] = three as [Asked, Asked, Asked];

beforeEach(() => {
  keptRules.value = null;
  newCar();
});

describe('what is asked', () => {
  it('is the questions of the rules, each where its direction is', () => {
    expect(three.map(({ key }) => key)).toEqual(['been_to_market', 'route', 'nights']);
    expect(askedBy(rulesAsking([BEEN, ROUTE, NIGHTS]), 'OUT').map(({ key }) => key)).toEqual(['been_to_market', 'route']);
    expect(askedBy(undefined, 'IN')).toEqual([]);
  });

  it('is whether somebody lives here only where a row cares, in when or in unless', () => {
    const resident = { fact: 'resident', op: 'IS', value: true };
    expect(askedBy(rulesAsking([], [resident]), 'IN').map(({ key }) => key)).toEqual([RESIDENT]);
    expect(askedBy({ ...rulesAsking([]), rows: [{ ...rulesAsking([]).rows[0]!, when: [resident] }] }, 'IN').map(({ key }) => key)).toEqual([RESIDENT]);
    expect(askedBy(rulesAsking([BEEN]), 'IN').map(({ key }) => key)).toEqual(['been_to_market']);
  });

  it('is there at once when the rules come, and nothing typed is lost', () => {
    shownPerson.value.name = '王一';
    expect(asked.value).toEqual([]);
    put(rulesAsking([BEEN]));
    expect(asked.value.map(({ key }) => key)).toEqual(['been_to_market']);
    setAnswer(shownPerson.value, asked.value[0]!, false);
    put(rulesAsking([ROUTE]));
    expect(asked.value.map(({ key }) => key)).toEqual(['route']);
    expect(shownPerson.value).toMatchObject({ name: '王一', answers: { been_to_market: false } });
    desk.car.direction = 'OUT';
    put(rulesAsking([NIGHTS]));
    expect(asked.value).toEqual([]);
  });
});

describe('an answer', () => {
  it('is given, changed and taken back; others stay', () => {
    const told = emptyPerson('FOREHEAD');
    told.answers = { SEAT: '4A' };
    setAnswer(told, been, true);
    setAnswer(told, route, 'G15');
    setAnswer(told, nights, 3);
    setAnswer(told, been, null);
    expect(told.answers).toEqual({ SEAT: '4A', route: 'G15', nights: 3 });
    expect(three.map((one) => answerOf(told, one))).toEqual([null, 'G15', 3]);
  });

  it.each([
    ['words where a yes was asked', been, '是'],
    ['a number where a yes was asked', been, 1],
    ['a choice that is none any more', route, 'G1'],
    ['a yes where a number was asked', nights, true],
    ['a half', nights, 1.5],
    ['a list', nights, [3]],
  ])('that does not answer the question as it is put now is none: %s', (_, question, said) => {
    expect(answerOf({ resident: null, answers: { [question.key]: said } }, question)).toBeNull();
  });

  it('is nobody’s who inherits from every object', () => {
    expect(answerOf({ resident: null, answers: {} }, { ...been, key: 'constructor' })).toBeNull();
  });

  it('travels as it was given; nothing where nobody was asked', () => {
    const told: PersonDraft = { ...emptyPerson('FOREHEAD'), name: '王一', resident: false, answers: { been_to_market: false, nights: 0, route: 'G15' } };
    const [sent, unasked] = toPassage({ ...emptyCar(CARRIED), people: [told, { ...emptyPerson('FOREHEAD'), name: '王二' }] }, POST, AT).people;
    expect(sent).toMatchObject({ resident: false, answers: { been_to_market: false, nights: 0, route: 'G15' } });
    expect(unasked).not.toHaveProperty('answers');
    expect(unasked).not.toHaveProperty('resident');
  });

  it('alone makes somebody a person; a seat that was declared does not', () => {
    expect(isBlankPerson({ ...emptyPerson('FOREHEAD'), answers: { nights: 0 } })).toBe(false);
    expect(isBlankPerson({ ...emptyPerson('FOREHEAD'), resident: false })).toBe(false);
    expect(isBlankPerson({ ...emptyPerson('FOREHEAD'), answers: { SEAT: '4A' } })).toBe(true);
  });

  it('comes back with the record and is corrected by itself; the same in another order is no change', () => {
    const sent = passage();
    sent.people[0] = { ...sent.people[0]!, resident: true, answers: { been_to_market: true, nights: 2 } };
    const context = { reason: 'r', officer: '', occurredAt: AT };
    const again = (change: (told: PersonDraft) => void) => {
      const car = toDraft(sent);
      change(car.people[0]!);
      return corrections(sent, toPassage(car, POST, AT), context).find(({ of }) => of === sent.people[0]!.id)?.fields;
    };
    expect(again((told) => (setAnswer(told, been, null), setAnswer(told, been, true)))).not.toHaveProperty('answers');
    expect(again((told) => setAnswer(told, nights, 3))).toMatchObject({ answers: { been_to_market: true, nights: 3 } });
    expect(again((told) => (told.resident = null))).toMatchObject({ resident: null });
    openRecord('CORRECT', sent);
    put(rulesAsking([BEEN, NIGHTS]));
    expect(asked.value.map((one) => answerOf(shownPerson.value, one))).toEqual([true, 2]);
  });
});

describe('the way through the form', () => {
  it('asks between thermometer and health, only what is open, and never holds anybody up', () => {
    const told = emptyPerson('FOREHEAD');
    const car = emptyCar(CARRIED);
    expect(stepAfter('temperature', told, car, three)).toBe('questions');
    for (const [question, said] of [[been, true], [route, 'OTHER'], [nights, 1]] as const) setAnswer(told, question, said);
    expect(stepAfter('temperature', told, car, three)).toBe('health');
    expect(stepAfter('temperature', emptyPerson('FOREHEAD'), car, [])).toBe('health');
    expect(missingOfPerson(emptyPerson('FOREHEAD'), car)).not.toContain('questions');
  });

  it('goes from question to question, never back, and asks no one who returns home whether he lives here', () => {
    put(rulesAsking([BEEN, NIGHTS], [{ fact: 'resident', op: 'IS', value: true }]));
    expect(openAfter(null)?.key).toBe(RESIDENT);
    desk.car.purpose = 'RESIDENT_RETURN';
    expect(openAfter(null)?.key).toBe('been_to_market');
    expect(openAfter('been_to_market')?.key).toBe('nights');
    expect(openAfter('nights')).toBeNull();
  });

  it.each([
    ['', null], ['0', 0], ['012', 12], [' １２ ', 12], ['-3', -3], ['－3', -3], ['−3', -3], ['-0', 0], ['1000000', 1_000_000],
    ['1000001', null], ['36.5', null], ['36.', null], ['36，5', null], ['12 晚', null], ['1e3', null], ['--3', null], ['-', null], ['十二', null],
  ])('a figure typed as %j is a whole number or none', (typed, read) => {
    expect(readWhole(typed)).toBe(read);
  });

  it('keeps what is typed and no whole number in the field, to be mended, and takes it for no answer', async () => {
    const people = reactive([emptyPerson('FOREHEAD'), emptyPerson('FOREHEAD')]);
    const place = ref(0);
    const told = () => people[place.value]!;
    const scope = effectScope();
    const { typed, isOdd } = scope.run(() => useWhole(told, () => answerOf(told(), nights), (number) => setAnswer(told(), nights, number)))!;
    for (const text of ['3', '36', '36.', '36.5']) typed.value = text;
    expect([typed.value, isOdd.value, answerOf(told(), nights)]).toEqual(['36.5', true, null]);
    typed.value = '36';
    expect([typed.value, isOdd.value, answerOf(told(), nights)]).toEqual(['36', false, 36]);
    typed.value = 'x';
    place.value = 1;
    await nextTick();
    expect([typed.value, isOdd.value]).toEqual(['', false]);
    typed.value = '';
    expect(isOdd.value).toBe(false);
    scope.stop();
  });
});
