/** One vehicle while it is being typed. Text stays as typed; what is sent is made from it in passage.ts. */
import type { Direction, TemperatureSite, TemperatureState, Transport, WireStay, WireTemperature } from '../api/contract';
import type { DocumentType } from '../identity/documents';
import { mintId } from '../identity/uuid7';
import { isKey } from '../screening/people';

/** What a person may have taken over from the one before, or from the last time. */
export type Inheritable = 'phone' | 'fromCode' | 'toCode' | 'address' | 'stays' | 'guardianId';

export interface PersonDraft {
  id: string;
  name: string;
  documentType: DocumentType;
  documentNumber: string;
  /** Typed only where the document does not tell: 20150312. */
  bornOn: string;
  sex: '' | 'F' | 'M';
  nationality: string;
  occupation: string;
  guardianId: string | null;
  phone: string;
  fromCode: string;
  /** The last fourteen days, as far as they are known; days as 2020-02-10. */
  stays: WireStay[];
  toCode: string;
  address: string;
  /** The address on a card that was read: offered, never sent by itself. */
  cardAddress: string;
  /** Readings before the one in the form: too low outdoors, then measured again. */
  earlierReadings: WireTemperature[];
  /** 36.5, as text; empty when not read. */
  temperature: string;
  temperatureSite: TemperatureSite;
  /** Null until something was read or marked. */
  temperatureState: TemperatureState | null;
  temperatureAt: string;
  symptoms: string[];
  /** True once the officer marked 无症状: asked and none, which is not the same as not asked. */
  noSymptoms: boolean;
  caseContact: boolean | null;
  /** Whether the person lives in this city; null until asked. */
  resident: boolean | null;
  /** Answers to the questions of the rules by their keys, and others: declared, or of a record opened again. */
  answers: Record<string, unknown>;
  /** Marked 同上 until somebody touches them; they alone make nobody a person. */
  inherited: Inheritable[];
  /** Somebody of the last time: keeps a line in the list while nothing is typed. */
  isExpected: boolean;
}

export interface CarDraft {
  id: string;
  plate: string;
  noPlate: boolean;
  vehicleNote: string;
  transport: Transport;
  direction: Direction;
  purpose: string;
  trip: { number: string; carriage: string; seat: string };
  /** A coach's list: how many are on board, and the code under which they declare. */
  roster: { code: string; expected: string };
  /** What lets freight and supplies pass, as headquarters lists it. */
  pass: { kind: string; number: string };
  declarationId: string | null;
  people: PersonDraft[];
  /** Which of the people the form shows. */
  current: number;
}

/** What carries over from one car to the next. */
export interface Carried {
  transport: Transport;
  direction: Direction;
  temperatureSite: TemperatureSite;
  /** The train whose passengers are being registered. */
  train?: string;
}

export function emptyPerson(temperatureSite: TemperatureSite): PersonDraft {
  return {
    id: mintId(),
    name: '',
    documentType: 'RESIDENT_ID',
    documentNumber: '',
    bornOn: '',
    sex: '',
    nationality: '',
    occupation: '',
    guardianId: null,
    phone: '',
    fromCode: '',
    stays: [],
    toCode: '',
    address: '',
    cardAddress: '',
    earlierReadings: [],
    temperature: '',
    temperatureSite,
    temperatureState: null,
    temperatureAt: '',
    symptoms: [],
    noSymptoms: false,
    caseContact: null,
    resident: null,
    answers: {},
    inherited: [],
    isExpected: false,
  };
}

export function emptyCar(carried: Carried): CarDraft {
  return {
    id: mintId(),
    plate: '',
    noPlate: false,
    vehicleNote: '',
    transport: carried.transport,
    direction: carried.direction,
    purpose: '',
    trip: { number: carried.transport === 'TRAIN' ? (carried.train ?? '') : '', carriage: '', seat: '' },
    roster: { code: '', expected: '' },
    pass: { kind: '', number: '' },
    declarationId: null,
    people: [emptyPerson(carried.temperatureSite)],
    current: 0,
  };
}

const TEXTS = ['name', 'documentNumber', 'bornOn', 'sex', 'nationality', 'occupation'] as const;
const TAKEN_OVER = ['phone', 'fromCode', 'toCode', 'address', 'guardianId'] as const;

/** Whether the officer entered anything about this person; choices that carry over do not count. */
export function isBlankPerson(person: PersonDraft): boolean {
  const own = (field: Inheritable) => !person.inherited.includes(field);
  if (TEXTS.some((field) => person[field].trim())) return false;
  if (TAKEN_OVER.some((field) => person[field]?.trim() && own(field))) return false;
  if (person.stays.length && own('stays')) return false;
  if (person.documentType === 'NONE' && !person.isExpected) return false;
  if (person.resident !== null || Object.keys(person.answers).some(isKey)) return false;
  return person.temperatureState === null && !person.symptoms.length && !person.noSymptoms && person.caseContact === null;
}

export function peopleOf(car: CarDraft): PersonDraft[] {
  return car.people.filter((person) => !isBlankPerson(person));
}

/** A train's number stays from party to party, so it alone is no record. */
export function isBlankCar(car: CarDraft): boolean {
  const { number, ...place } = car.trip;
  const train = car.transport === 'TRAIN' ? '' : number;
  const typed = [car.plate, car.vehicleNote, car.purpose, train, car.roster.expected, car.pass.number, ...Object.values(place)];
  return typed.every((text) => !text.trim()) && !car.noPlate && peopleOf(car).length === 0;
}

/** On foot there is no vehicle to describe. */
export function hasVehicle(transport: Transport): boolean {
  return transport !== 'FOOT' && transport !== 'TRAIN';
}

/** A service with a number, a carriage and seats. */
export function hasTrip(transport: Transport): boolean {
  return transport === 'TRAIN' || transport === 'COACH';
}

/** Goods pass by the class of their pass. */
export function hasPass(purpose: string): boolean {
  return purpose === 'FREIGHT' || purpose === 'SUPPLIES';
}

/** 不落地: through without stopping, so nobody asks where to. */
export function isTransit(purpose: string): boolean {
  return purpose === 'TRANSIT';
}
