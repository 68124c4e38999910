import { beforeEach, describe, expect, it } from 'vitest';
import { decodeQR } from 'qr/decode.js';
import { doubtsOf, isMinor } from '../src/declare/asking';
import { missingSeats } from '../src/declare/coach';
import { isSeat, shanghaiMoment, tidySeat, toContent } from '../src/declare/declaration';
import { addTraveller, clearDraft, draft, emptyDraft, emptyTraveller, removeTraveller, type Draft } from '../src/declare/draft';
import { moment } from '../src/declare/moments';
import { modulesOf } from '../src/declare/qr';
import { QUESTIONS } from '../src/declare/steps';
import { encode, pack, unpack } from '../src/declaration/codec';
import { sealed } from '../src/declaration/seal';
import { declare as english } from '../src/i18n/en/declare';
import { declare as chinese } from '../src/i18n/zh-Hans/declare';
import { DOCUMENT_TYPES } from '../src/identity/documents';
import { TRANSPORTS } from '../src/api/contract';
import vector from './declaration.json';

const AT = Date.parse('2020-02-10T08:30:00+08:00');
const ID = '017039d3-4a00-7000-8000-000000000001';
/** The standard's own example (GB 11643-1999): nobody. */
const EXAMPLE = '11010519491231002X';

/** A mother, her child and a grandmother, filled in as far as it goes. */
function family(): Draft {
  const form = emptyDraft();
  Object.assign(form, { transport: 'CAR', plate: '辽c·12345', purpose: 'RESIDENT_RETURN' });
  const [mother] = form.people as [Draft['people'][number]];
  Object.assign(mother, { name: ' 测试甲 ', documentNumber: EXAMPLE.toLowerCase(), phone: '139 0000 0000', occupation: '务农', noSymptoms: true, caseContact: false });
  Object.assign(mother.from, { code: '420100', stays: [{ code: '420100', from: '2020-01-27', to: '2020-02-10' }] });
  Object.assign(mother.to, { code: '210381101200', address: '二组' });
  form.people.push({ ...emptyTraveller(2), name: '测试乙', documentType: 'NONE', bornOn: '20150312', guardianId: 1, noSymptoms: true, caseContact: false });
  form.people.push({ ...emptyTraveller(3), documentType: 'PASSPORT', documentNumber: 'e00000000', nationality: 'KR', phoneSame: false, symptoms: ['COUGH'], caseContact: true });
  return form;
}

const content = (form: Draft) => toContent(form, 'GATE', ID, AT);
const faults = (question: (typeof QUESTIONS)[number], form: Draft) => doubtsOf(question, form, AT).map(({ field, fault }) => `${field} ${fault}`);

describe('what is sealed', () => {
  it('says what was typed, tidied, and nothing that was not', () => {
    const { people, ...rest } = content(family());
    expect(rest).toEqual({ v: 1, id: ID, kind: 'DECLARATION', made_at: '2020-02-10T08:30:00+08:00', checkpoint: 'GATE', transport: 'CAR', plate: '辽C12345', purpose: 'RESIDENT_RETURN' });
    expect(people[0]).toEqual({
      name: '测试甲',
      document: { type: 'RESIDENT_ID', number: EXAMPLE },
      born_on: '1949-12-31',
      sex: 'F',
      occupation: '务农',
      phone: '13900000000',
      from_code: '420100',
      stays: [{ code: '420100', from: '2020-01-27', to: '2020-02-10' }],
      destination: { code: '210381101200', address: '二组' },
      symptoms: [],
      case_contact: false,
    });
  });

  it('carries answers to the questions of the rules, but on no card for a week', () => {
    const form = family();
    form.people[0]!.answers = { been_to_market: false, nights: 3 };
    expect(content(form).people.map(({ answers }) => answers)).toEqual([{ been_to_market: false, nights: 3 }, undefined, undefined]);
    expect(content({ ...form, card: true }).people[0]).not.toHaveProperty('answers');
  });

  it('gives a child its guardian by place, and the family the places and the phone of the first', () => {
    const [mother, child, guest] = content(family()).people;
    expect(child).toMatchObject({ document: { type: 'NONE' }, born_on: '2015-03-12', guardian: 0, phone: mother!.phone, from_code: '420100', stays: mother!.stays, destination: mother!.destination });
    expect(guest).toMatchObject({ document: { type: 'PASSPORT', number: 'E00000000' }, nationality: 'KR', symptoms: ['COUGH'], case_contact: true });
    expect(guest).not.toHaveProperty('phone');
  });

  it('of an empty form is one person without a number', () => {
    expect(content(emptyDraft())).toEqual({ v: 1, id: ID, kind: 'DECLARATION', made_at: '2020-02-10T08:30:00+08:00', checkpoint: 'GATE', people: [{ document: { type: 'RESIDENT_ID' } }] });
  });

  it('of a card leaves out what changes from day to day, and no coach', () => {
    const card = content({ ...family(), card: true, roster: 'ABCDEF', seat: '12', transport: 'COACH' });
    expect(card.kind).toBe('CARD');
    expect(card).not.toHaveProperty('roster');
    for (const person of card.people) for (const field of ['symptoms', 'case_contact', 'stays']) expect(person).not.toHaveProperty(field);
  });

  it('of a passenger names roster and seat, and no plate', () => {
    const made = content({ ...family(), roster: 'ABCDEF', seat: '12号', transport: 'COACH', plate: '辽C12345' });
    expect(made).toMatchObject({ roster: 'ABCDEF', seat: '12', trip: { seat: '12' } });
    expect(made).not.toHaveProperty('plate');
  });

  it('survives packing, and twenty people fit a handful of codes', async () => {
    const form = family();
    while (form.people.length < 20) form.people.push({ ...emptyTraveller(form.people.length + 1), name: '测试某', documentType: 'OTHER', documentNumber: String(Math.random()).slice(2), noSymptoms: true, caseContact: false });
    expect(unpack(pack(content(form)))).toEqual(JSON.parse(JSON.stringify(content(form))));
    const texts = await encode(await sealed(content(form), vector.key));
    expect(texts.length).toBeLessThanOrEqual(4);
  });

  it('tells the time of Shanghai wherever the phone is', () => {
    expect(shanghaiMoment(Date.parse('2020-02-09T23:59:59Z'))).toBe('2020-02-10T07:59:59+08:00');
    expect(moment(AT, 'zh-Hans')).toBe('2月10日 08:30');
    expect(moment(AT, 'en')).toBe('Feb 10, 08:30');
  });
});

describe('what is asked once more', () => {
  it('is nothing when everything is there', () => {
    const form = family();
    form.people[2] = { ...form.people[2]!, name: '测试丙', phone: '+82 10 0000 0000' };
    for (const question of QUESTIONS) expect(faults(question, form), question).toEqual([]);
  });

  it('names every field of an empty form', () => {
    const form = emptyDraft();
    expect(faults('TRIP', form)).toEqual(['transport EMPTY']);
    expect(faults('PURPOSE', form)).toEqual(['purpose EMPTY']);
    expect(faults('PEOPLE', form)).toEqual(['name EMPTY', 'documentNumber EMPTY', 'phone EMPTY']);
    expect(faults('FROM', form)).toEqual(['from EMPTY', 'stays EMPTY']);
    expect(faults('TO', form)).toEqual(['to EMPTY', 'address EMPTY']);
    expect(faults('HEALTH', form)).toEqual(['symptoms EMPTY', 'contact EMPTY']);
  });

  it.each([
    ['110105194912310021', 'documentNumber CHECK'],
    ['1101051949', 'documentNumber LENGTH'],
    ['110105491231002', 'documentNumber LENGTH'],
    ['110105194902310021', 'documentNumber DATE'],
    ['00010519491231002X', 'documentNumber ODD'],
  ])('of the number %s is %s', (documentNumber, fault) => {
    const form = family();
    form.people = [{ ...form.people[0]!, documentNumber }];
    expect(faults('PEOPLE', form)).toEqual([fault]);
  });

  it.each([
    ['CAR', '', 'plate EMPTY'],
    ['TRUCK', '12', 'plate ODD'],
    ['FOOT', '', undefined],
    ['TRAIN', '', undefined],
    ['MOTORCYCLE', '辽C12345', undefined],
  ] as const)('about %s with the plate %j: %s', (transport, plate, fault) => {
    expect(faults('TRIP', { ...family(), transport, plate })).toEqual(fault ? [fault] : []);
  });

  it('asks in whose care a child is, but not when it travels alone', () => {
    const form = family();
    form.people[1]!.guardianId = null;
    expect(faults('PEOPLE', form)).toContain('guardian EMPTY');
    expect(faults('PEOPLE', { ...form, people: [{ ...form.people[1]!, phone: '13900000000', phoneSame: false }] })).toEqual([]);
    expect(isMinor(form.people[0]!, '2020-02-10')).toBe(false);
    expect(isMinor(emptyTraveller(1), '2020-02-10')).toBe(false);
  });

  it.each([
    [[{ code: '420100', from: '2020-02-10', to: '2020-02-01' }], 'stays ORDER'],
    [[{ code: '420100', from: '2020-02-01', to: '2020-03-01' }], 'stays ORDER'],
    [[{ code: '', from: '2020-02-01', to: '2020-02-02' }], 'stays EMPTY'],
    [[{ code: '420100', from: '', to: '2020-02-02' }], 'stays EMPTY'],
  ])('of stays %j is %s', (stays, fault) => {
    const form = family();
    form.people[0]!.from.stays = stays;
    expect(faults('FROM', form)).toEqual([fault]);
  });

  it('says nothing about those who are the same as the first', () => {
    const form = family();
    form.people[0]!.from.code = '';
    expect(faults('FROM', form)).toEqual(['from EMPTY']);
  });
});

describe('a coach', () => {
  it.each([['12', true], [' 12号 ', true], ['12a', true], ['A3', true], ['第十二', false], ['', false], ['1234', false], ['12AB', false]])('has a seat %j: %s', (seat, isOne) => {
    expect(isSeat(seat)).toBe(isOne);
  });

  it('asks a passenger for it', () => {
    const form: Draft = { ...family(), transport: 'COACH', roster: 'ABCDEF' };
    expect(faults('TRIP', form)).toEqual(['seat EMPTY']);
    expect(faults('TRIP', { ...form, seat: '王小明' })).toEqual(['seat ODD']);
    expect(tidySeat('１２ａ')).toBe('12A');
  });

  it('shows which seats are missing', () => {
    expect(missingSeats({ expected: 5, declared: 3, people: 3, seats: ['2', '2', '4A'] })).toEqual([1, 3, 5]);
  });
});

describe('the family', () => {
  beforeEach(clearDraft);

  it('grows and shrinks, and nobody keeps a guardian who is gone', () => {
    const second = addTraveller();
    const third = addTraveller();
    third.guardianId = second.id;
    removeTraveller(second.id);
    expect(draft.people.map(({ id, guardianId }) => [id, guardianId])).toEqual([[1, null], [3, null]]);
    expect(addTraveller().id).toBe(4);
  });

  it('always has its first', () => {
    removeTraveller(1);
    expect(draft.people).toHaveLength(1);
  });
});

describe('the code on the screen', () => {
  it.each([vector.texts[0]!, 'https://lianfang.example.org:8443/d/HC-B-03#r=ABCDEF'])('is read by a camera: %s', (text) => {
    const scale = 3;
    const modules = modulesOf(text);
    const width = modules.length * scale;
    const data = new Uint8ClampedArray(width * width * 4).fill(255);
    for (let y = 0; y < width; y += 1)
      for (let x = 0; x < width; x += 1)
        if (modules[Math.floor(y / scale)]![Math.floor(x / scale)]) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    expect(decodeQR({ width, height: width, data })).toBe(text);
  });
});

type Tree = { [key: string]: string | Tree };
const leaves = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[path + key, value] as [string, string]] : leaves(value, `${path}${key}.`)));

describe('the words', () => {
  const said = leaves(chinese);
  const saidInEnglish = new Map(leaves(english));

  it('say everything in both languages, with the same figures, and shout at nobody', () => {
    const figures = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join();
    expect([...saidInEnglish.keys()]).toEqual(said.map(([key]) => key));
    expect(said.filter(([key, words]) => figures(saidInEnglish.get(key)!) !== figures(words))).toEqual([]);
    expect([...said, ...saidInEnglish].filter(([, words]) => /[!！]/.test(words))).toEqual([]);
  });

  it('have one for every document, way of travelling and doubtful field', () => {
    for (const type of DOCUMENT_TYPES) expect(chinese.people.documents).toHaveProperty(type);
    for (const transport of TRANSPORTS) expect(chinese.transports).toHaveProperty(transport);
    for (const question of QUESTIONS) for (const { field } of doubtsOf(question, { ...emptyDraft(), transport: 'COACH', roster: 'ABCDEF' }, AT)) expect(chinese.doubt.fields).toHaveProperty(field);
  });
});
