/** One vehicle while it is being typed. Text stays as typed; what is sent is made from it in passage.ts. */
import type { Direction, TemperatureSite, TemperatureState, Transport } from '../api/contract';
import type { DocumentType } from '../identity/documents';
import { mintId } from '../identity/uuid7';

export interface PersonDraft {
  id: string;
  name: string;
  documentType: DocumentType;
  documentNumber: string;
  /** Typed only where the document does not tell: 20150312. */
  bornOn: string;
  sex: '' | 'F' | 'M';
  nationality: string;
  guardianId: string | null;
  phone: string;
  fromCode: string;
  toCode: string;
  address: string;
  /** 36.5, as text; empty when not read. */
  temperature: string;
  temperatureSite: TemperatureSite;
  /** Null until something was read or marked. */
  temperatureState: TemperatureState | null;
  symptoms: string[];
  /** True once the officer marked 无症状: asked and none, which is not the same as not asked. */
  noSymptoms: boolean;
  caseContact: boolean | null;
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
  people: PersonDraft[];
  /** Which of the people the form shows. */
  current: number;
}

/** What carries over from one car to the next. */
export interface Carried {
  transport: Transport;
  direction: Direction;
  temperatureSite: TemperatureSite;
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
    guardianId: null,
    phone: '',
    fromCode: '',
    toCode: '',
    address: '',
    temperature: '',
    temperatureSite,
    temperatureState: null,
    symptoms: [],
    noSymptoms: false,
    caseContact: null,
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
    trip: { number: '', carriage: '', seat: '' },
    people: [emptyPerson(carried.temperatureSite)],
    current: 0,
  };
}

const TEXTS = ['name', 'documentNumber', 'bornOn', 'sex', 'nationality', 'phone', 'fromCode', 'toCode', 'address'] as const;

/** Whether the officer entered anything about this person; choices that carry over do not count. */
export function isBlankPerson(person: PersonDraft): boolean {
  if (TEXTS.some((field) => person[field].trim() !== '')) return false;
  if (person.documentType === 'NONE' || person.guardianId) return false;
  return person.temperatureState === null && !person.symptoms.length && !person.noSymptoms && person.caseContact === null;
}

export function peopleOf(car: CarDraft): PersonDraft[] {
  return car.people.filter((person) => !isBlankPerson(person));
}

export function isBlankCar(car: CarDraft): boolean {
  const typed = [car.plate, car.vehicleNote, car.purpose, ...Object.values(car.trip)];
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
