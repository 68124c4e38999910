/** Into the form by a code or a card. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeclarationContent } from '../src/declaration/content';
import { toPassage } from '../src/form/passage';
import { fillFromDeclaration, fillPerson, refusal, setRoster } from '../src/form/fill';
import { counted, desk, newCar, nextPerson, person } from '../src/form/session';
import { NOON } from './samples';

const HOUR = 3_600_000;
const CARD = '210381199002280013';

function declared(changes: Partial<DeclarationContent> = {}): DeclarationContent {
  return {
    v: 1,
    id: '01700000-0000-7000-8000-000000000001',
    kind: 'DECLARATION',
    made_at: new Date(NOON).toISOString(),
    checkpoint: 'HC03',
    transport: 'CAR',
    plate: '鄂A12345',
    purpose: 'RESIDENT_RETURN',
    people: [
      { name: '王测试', document: { type: 'RESIDENT_ID', number: CARD }, phone: '13904160001', from_code: '420100', destination: { code: '210381104', address: '村东' }, stays: [{ code: '420100', from: '2020-01-27', to: '2020-02-10' }], symptoms: [], case_contact: false, occupation: '务工' },
      { name: '王小', document: { type: 'NONE' }, born_on: '2016-03-01', sex: 'F', guardian: 0, symptoms: ['COUGH'] },
    ],
    ...changes,
  };
}

beforeEach(() => {
  newCar();
  refusal.value = null;
});

function sent() {
  return toPassage(desk.car, { checkpoint: 'HC03', lane: '1', officer: '', crew: [] }, new Date(NOON).toISOString());
}

describe('a declaration', () => {
  it('fills everything but the temperature, under ids of this phone', () => {
    fillFromDeclaration(declared(), NOON + HOUR);
    const passage = sent();
    expect(passage).toMatchObject({ source: 'DECLARATION', declaration_id: declared().id, plate: '鄂A12345', purpose: 'RESIDENT_RETURN' });
    expect(passage.people[0]).toMatchObject({ name: '王测试', occupation: '务工', stays: [{ code: '420100' }], symptoms: [], case_contact: false, destination: { address: '村东' } });
    expect(passage.people[1]).toMatchObject({ born_on: '2016-03-01', sex: 'F', guardian_id: passage.people[0]!.id, symptoms: ['COUGH'] });
    expect(passage.people[1]).not.toHaveProperty('case_contact');
    expect(passage.people.every((one) => !one.temperatures)).toBe(true);
  });

  it('begins at its first person, and a second code joins the first', () => {
    fillFromDeclaration(declared(), NOON);
    expect(person.value.name).toBe('王测试');
    fillFromDeclaration(declared({ id: '01700000-0000-7000-8000-000000000002', plate: '粤B99999', people: [{ name: '李三', document: { type: 'NONE' } }] }), NOON);
    expect(counted.value.map((one) => one.name)).toEqual(['王测试', '王小', '李三']);
    expect(person.value.name).toBe('李三');
    expect(sent()).toMatchObject({ plate: '鄂A12345', declaration_id: declared().id });
  });

  it('leaves what the officer typed', () => {
    desk.car.plate = '辽C54321';
    desk.car.purpose = 'VISIT';
    fillFromDeclaration(declared(), NOON);
    expect(sent()).toMatchObject({ plate: '辽C54321', purpose: 'VISIT' });
  });

  it('is refused after a day, and the form stays as it was', () => {
    fillFromDeclaration(declared(), NOON + 24 * HOUR);
    expect(refusal.value).toBe('DECLARATION_TOO_OLD');
    expect(desk.car).toMatchObject({ plate: '', declarationId: null });
  });

  it('survives a guardian who points at nobody or at the child itself', () => {
    fillFromDeclaration(declared({ people: [{ document: { type: 'NONE' }, name: '甲', guardian: 0 }, { document: { type: 'NONE' }, name: '乙', guardian: 7 }] }), NOON);
    expect(desk.car.people.map((one) => one.guardianId)).toEqual([null, null]);
  });
});

describe('a commuter’s card', () => {
  const card = (at: number) => declared({ kind: 'CARD', purpose: undefined, made_at: new Date(at).toISOString() });

  it('is a commute, for seven days', () => {
    fillFromDeclaration(card(NOON), NOON + 6 * 24 * HOUR);
    expect(sent().purpose).toBe('COMMUTE');
  });

  it('asks everything again afterwards', () => {
    fillFromDeclaration(card(NOON), NOON + 7 * 24 * HOUR);
    expect(refusal.value).toBe('CARD_TOO_OLD');
    expect(counted.value).toEqual([]);
  });
});

describe('a coach', () => {
  it('knows how many are expected, and in which seat somebody declared', () => {
    setRoster('C4821', 40);
    fillFromDeclaration(declared({ seat: '12', roster: 'C4821', transport: 'COACH' }), NOON);
    expect(sent()).toMatchObject({ transport: 'COACH', roster_expected: 40, people: [{ answers: { SEAT: '12' } }, {}] });
  });
});

describe('a card that was read', () => {
  it('goes to the person in the form, the next one to the next', () => {
    fillPerson({ documentType: 'RESIDENT_ID', documentNumber: CARD, name: '王测试', address: '海城市村东' });
    expect(person.value).toMatchObject({ name: '王测试', documentNumber: CARD, address: '', cardAddress: '海城市村东' });
    person.value.phone = '13904160001';
    fillPerson({ documentType: 'RESIDENT_ID', documentNumber: '420106198807150041', name: '刘试' });
    expect(desk.car.people).toHaveLength(2);
    expect(person.value).toMatchObject({ name: '刘试', phone: '13904160001', inherited: ['phone'] });
  });

  it('read twice is one person', () => {
    fillPerson({ documentType: 'RESIDENT_ID', documentNumber: CARD, name: '王测试' });
    nextPerson();
    person.value.name = '刘试';
    fillPerson({ documentType: 'RESIDENT_ID', documentNumber: ` ${CARD} `, name: '王测试' });
    expect(counted.value).toHaveLength(2);
    expect(person.value.documentNumber).toBe(CARD);
  });

  it('belongs to the name typed just before it, and not to somebody else’s', () => {
    person.value.name = '王测试';
    fillPerson({ documentType: 'RESIDENT_ID', documentNumber: CARD, name: '王测试' });
    expect(counted.value).toHaveLength(1);
    newCar();
    person.value.name = '张三';
    fillPerson({ documentType: 'RESIDENT_ID', documentNumber: CARD, name: '王测试' });
    expect(counted.value.map((one) => one.documentNumber)).toEqual(['', CARD]);
  });
});
