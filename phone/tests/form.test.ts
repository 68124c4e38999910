import { describe, expect, it } from 'vitest';
import { corrections, withAdded } from '../src/form/correction';
import { emptyCar, emptyPerson, isBlankCar, isBlankPerson, type CarDraft, type PersonDraft } from '../src/form/draft';
import { inherit, own } from '../src/form/inherit';
import { missingOfCar, missingOfPerson } from '../src/form/missing';
import { readBirthDate, toPassage } from '../src/form/passage';
import { toDraft } from '../src/form/reopen';
import { measureAgain, readCelsius, setReading, stateOfReading, typeDigit, wireTemperatures } from '../src/form/temperature';

const POST = { checkpoint: 'HC03', lane: '2', officer: '', crew: [] };
const AT = '2020-02-10T04:00:00.000Z';
const CARRIED = { transport: 'CAR', direction: 'IN', temperatureSite: 'FOREHEAD' } as const;

function person(changes: Partial<PersonDraft> = {}): PersonDraft {
  return { ...emptyPerson('FOREHEAD'), name: '王测试', documentNumber: '21038119900228001３', ...changes };
}

function car(changes: Partial<CarDraft> = {}): CarDraft {
  return { ...emptyCar(CARRIED), plate: '辽c·12345', purpose: 'COMMUTE', people: [person()], ...changes };
}

describe('what is sent', () => {
  it('leaves out what was not entered', () => {
    const sent = toPassage(emptyCar(CARRIED), POST, AT);
    expect(sent).toEqual({ id: sent.id, checkpoint: 'HC03', lane: '2', direction: 'IN', source: 'OFFICER', transport: 'CAR', occurred_at: AT, people: [] });
  });

  it('carries the plate as its key, and birth date and sex read off the document', () => {
    const sent = toPassage(car(), POST, AT);
    expect(sent.plate).toBe('辽C12345');
    expect(sent.people[0]).toMatchObject({ born_on: '1990-02-28', sex: 'M', document: { type: 'RESIDENT_ID', number: '210381199002280013' } });
  });

  it('drops people whose form stayed empty', () => {
    expect(toPassage(car({ people: [person(), emptyPerson('WRIST')] }), POST, AT).people).toHaveLength(1);
  });

  it('takes a doubtful number as it is', () => {
    const [sent] = toPassage(car({ people: [person({ documentNumber: '12345' })] }), POST, AT).people;
    expect(sent).toMatchObject({ document: { type: 'RESIDENT_ID', number: '12345' } });
    expect(sent).not.toHaveProperty('born_on');
  });

  it('knows a child without a document by birth date, sex and guardian', () => {
    const parent = person();
    const child = person({ documentType: 'NONE', documentNumber: '', bornOn: '20190101', sex: 'F', guardianId: parent.id });
    const [, sent] = toPassage(car({ people: [parent, child] }), POST, AT).people;
    expect(sent).toMatchObject({ document: { type: 'NONE' }, born_on: '2019-01-01', sex: 'F', guardian_id: parent.id });
    expect(sent?.document).not.toHaveProperty('number');
  });

  it('forgets a guardian who was removed', () => {
    const [sent] = toPassage(car({ people: [person({ documentType: 'NONE', guardianId: 'gone' })] }), POST, AT).people;
    expect(sent).not.toHaveProperty('guardian_id');
  });

  it('tells asked-and-none from not asked', () => {
    const [none, unasked] = toPassage(car({ people: [person({ noSymptoms: true, caseContact: false }), person()] }), POST, AT).people;
    expect(none).toMatchObject({ symptoms: [], case_contact: false });
    expect(unasked).not.toHaveProperty('symptoms');
    expect(unasked).not.toHaveProperty('case_contact');
  });

  it('describes a vehicle without a plate and a walker without a vehicle', () => {
    const tricycle = toPassage(car({ noPlate: true, vehicleNote: '红色三轮车' }), POST, AT);
    expect(tricycle).toMatchObject({ vehicle_note: '红色三轮车' });
    expect(tricycle).not.toHaveProperty('plate');
    expect(toPassage(car({ transport: 'FOOT' }), POST, AT)).not.toHaveProperty('plate');
  });

  it('carries trip, destination and temperature', () => {
    const traveller = person({ toCode: '210381104', address: '村东 3 号', temperature: '34.2', temperatureState: 'LOW' });
    const sent = toPassage(car({ transport: 'TRAIN', trip: { number: 'K2046', carriage: '', seat: '' }, people: [traveller] }), POST, AT);
    expect(sent.trip).toEqual({ number: 'K2046' });
    expect(sent.people[0]).toMatchObject({
      destination: { code: '210381104', address: '村东 3 号' },
      temperatures: [{ celsius: 34.2, site: 'FOREHEAD', state: 'LOW' }],
    });
  });

  it('asks nobody in transit where to, and takes the passengers of a coach as they were counted', () => {
    const through = toPassage(car({ purpose: 'TRANSIT', people: [person({ toCode: '210381' })] }), POST, AT);
    expect(through.people[0]).not.toHaveProperty('destination');
    expect(toPassage(car({ transport: 'COACH', roster: { code: '', expected: '４０' } }), POST, AT).roster_expected).toBe(40);
    expect(toPassage(car({ transport: 'COACH', roster: { code: '', expected: 'viele' } }), POST, AT)).not.toHaveProperty('roster_expected');
  });

  it('never holds a NUL character', () => {
    expect(toPassage(car({ people: [person({ name: '王\0测试' })] }), POST, AT).people[0]?.name).toBe('王测试');
  });
});

describe('temperatures', () => {
  it.each([
    ['36.5', 36.5],
    ['３６．５', 36.5],
    ['36,5', 36.5],
    ['37', 37],
    ['36.55℃', 36.6],
    ['3', null],
    ['365', 36.5],
    ['412', 41.2],
    ['999', null],
    ['99.0', null],
    ['', null],
  ])('"%s" is read as %s', (typed, celsius) => expect(readCelsius(typed)).toBe(celsius));

  it('below 35.0 means measure again, not healthy', () => {
    expect(stateOfReading('34.9')).toBe('LOW');
    expect(stateOfReading('35.0')).toBe('READ');
    expect(stateOfReading('')).toBeNull();
  });

  it('three digits are a temperature, and a fourth begins another', () => {
    const typed = [...'3654'].reduce<string[]>((texts, digit) => [...texts, typeDigit(texts.at(-1) ?? '', digit)], []);
    expect(typed).toEqual(['3', '36', '36.5', '4']);
    expect(typeDigit('36.', '7')).toBe('36.7');
  });

  it('measured again indoors, both readings stand', () => {
    const traveller = person();
    setReading(traveller, '34.1', 'LOW', AT);
    measureAgain(traveller);
    expect(traveller.temperatureState).toBeNull();
    expect(wireTemperatures(traveller)).toEqual([{ celsius: 34.1, site: 'FOREHEAD', state: 'LOW', at: AT }]);
    setReading(traveller, '36.4', 'READ', AT);
    expect(wireTemperatures(traveller)?.map((one) => one.celsius)).toEqual([34.1, 36.4]);
  });

  it('a measurement not taken has no figure', () => {
    const sent = toPassage(car({ people: [person({ temperature: '36.5', temperatureState: 'NOT_TAKEN' })] }), POST, AT);
    expect(sent.people[0]?.temperatures?.[0]).toMatchObject({ celsius: null, state: 'NOT_TAKEN' });
  });
});

describe('birth dates as people type them', () => {
  it.each([
    ['20150312', '2015-03-12'],
    ['2015-3-12', '2015-03-12'],
    ['2015年3月12日', '2015-03-12'],
    ['20150230', null],
    ['2015', null],
  ])('"%s" is %s', (typed, date) => expect(readBirthDate(typed)).toBe(date));
});

describe('what is still missing', () => {
  it('is named for people and vehicle', () => {
    expect(missingOfPerson(person(), car())).toEqual(['phone', 'occupation', 'from', 'to', 'stays', 'temperature', 'health']);
    expect(missingOfPerson(person(), car({ purpose: 'TRANSIT' }))).not.toContain('to');
    expect(missingOfCar(emptyCar(CARRIED))).toEqual(['plate', 'purpose']);
    expect(missingOfCar(car({ plate: '', noPlate: true, vehicleNote: '蓝色农用车' }))).toEqual([]);
  });

  it('what was taken over from others makes nobody a person', () => {
    const before = person({ phone: '13904160001', fromCode: '420100', address: '3 号', stays: [{ code: '420100', from: '2020-01-27', to: '2020-02-10' }] });
    const next = emptyPerson('FOREHEAD');
    inherit(car(), next, before);
    expect(next).toMatchObject({ phone: '13904160001', fromCode: '420100', address: '3 号', inherited: ['phone', 'fromCode', 'address', 'stays'] });
    expect(isBlankPerson(next)).toBe(true);
    own(next, 'fromCode');
    expect(isBlankPerson(next)).toBe(false);
    const stranger = emptyPerson('FOREHEAD');
    inherit(car({ transport: 'COACH' }), stranger, before);
    expect(stranger.inherited).toEqual(['fromCode']);
  });

  it('a train between two parties is no record yet', () => {
    expect(isBlankCar(emptyCar({ transport: 'TRAIN', direction: 'IN', temperatureSite: 'EAR', train: 'K2046' }))).toBe(true);
  });

  it('a car nobody typed into is empty, whatever carried over', () => {
    expect(isBlankCar(emptyCar({ transport: 'TRUCK', direction: 'OUT', temperatureSite: 'EAR' }))).toBe(true);
    expect(isBlankPerson(person({ name: '', documentNumber: '', documentType: 'NONE' }))).toBe(false);
  });
});

describe('opening a record again', () => {
  it('gives the same record when nothing is changed', () => {
    const child = person({ documentType: 'NONE', documentNumber: '', bornOn: '20190101', sex: 'F' });
    const full = person({
      phone: '13904160001',
      fromCode: '420100',
      toCode: '210381104',
      address: '3 号',
      occupation: '务工',
      stays: [{ code: '420100', from: '2020-01-27', to: '2020-02-10' }],
      earlierReadings: [{ celsius: 34.1, site: 'FOREHEAD', state: 'LOW', at: AT }],
      temperature: '36.5',
      temperatureState: 'READ',
      temperatureAt: AT,
      symptoms: ['COUGH'],
      caseContact: true,
      answers: { MET_BUS: true },
    });
    const freight = { purpose: 'FREIGHT', pass: { kind: 'GREEN', number: '0042' }, declarationId: full.id };
    const before = toPassage(car({ people: [full, child], ...freight }), { ...POST, crew: ['0007'] }, AT);
    expect(before).toMatchObject({ source: 'DECLARATION', crew: ['0007'], people: [{ answers: { MET_BUS: true, PASS_CLASS: 'GREEN', PASS_NUMBER: '0042' } }, {}] });
    expect(toPassage(toDraft(before), { ...POST, crew: ['0007'] }, AT)).toEqual(before);
  });

  it('repairs keep the ids', () => {
    const before = toPassage(car(), POST, AT);
    const draft = toDraft(before);
    draft.people[0]!.name = '王改名';
    const after = toPassage(draft, POST, AT);
    expect([after.id, after.people[0]?.id]).toEqual([before.id, before.people[0]?.id]);
  });
});

describe('corrections', () => {
  const context = { reason: '录入有误', officer: '', occurredAt: AT };

  it('send only what changed, a record at a time', () => {
    const before = toPassage(car({ people: [person(), person({ name: '刘试' })] }), POST, AT);
    const draft = toDraft(before);
    draft.plate = '辽C54321';
    draft.people[1]!.phone = '13904160001';
    const made = corrections(before, toPassage(draft, POST, AT), context);
    expect(made).toMatchObject([
      { of: before.id, fields: { plate: '辽C54321' }, reason: '录入有误' },
      { of: before.people[1]?.id, fields: { phone: '13904160001' } },
    ]);
  });

  it('never touch what was told at the barrier', () => {
    const before = toPassage(car(), POST, AT);
    before.people[0]!.shown = { rule_set: 'r', rows: ['arrival'], measures: ['REGISTER'] };
    expect(corrections(before, toPassage(toDraft(before), POST, AT), context)).toEqual([]);
  });

  it('bring people added later under the same header, those known unchanged', () => {
    const before = toPassage(car(), POST, AT);
    const draft = toDraft(before);
    draft.plate = '辽C54321';
    draft.people.push(person({ name: '后来' }));
    const again = withAdded(before, toPassage(draft, POST, AT));
    expect(again).toMatchObject({ id: before.id, plate: '辽C12345', people: [before.people[0], { name: '后来' }] });
    expect(withAdded(before, toPassage(toDraft(before), POST, AT))).toBeNull();
  });

  it('say null for what was emptied and nothing when nothing changed', () => {
    const before = toPassage(car(), POST, AT);
    const draft = toDraft(before);
    draft.purpose = '';
    expect(corrections(before, toPassage(draft, POST, AT), context)).toMatchObject([{ fields: { purpose: null } }]);
    expect(corrections(before, toPassage(toDraft(before), POST, AT), context)).toEqual([]);
  });
});
