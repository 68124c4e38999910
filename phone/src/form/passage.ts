/** From what was typed to what is sent. Pure: empty fields are left out, nothing is refused. */
import type { WirePassage, WirePerson } from '../api/contract';
import { shanghaiDate } from '../clock/shanghai';
import { readDocument } from '../identity/documents';
import { plateKey } from '../identity/plates';
import { tidyPhone } from '../identity/phoneNumber';
import { isCalendarDate, tidyNumber } from '../identity/residentId';
import { hasPass, hasTrip, hasVehicle, isTransit, peopleOf, type CarDraft, type PersonDraft } from './draft';
import { wireTemperatures } from './temperature';

/** Where and by whom: what the phone knows without asking. */
export interface Post {
  checkpoint: string;
  lane: string;
  officer: string;
  crew: string[];
}

export function toPassage(car: CarDraft, post: Post, occurredAt: string): WirePassage {
  const vehicle = hasVehicle(car.transport);
  const people = peopleOf(car);
  return compact<WirePassage>({
    id: car.id,
    checkpoint: post.checkpoint,
    lane: post.lane,
    officer: post.officer.trim(),
    crew: post.crew.length ? post.crew : undefined,
    direction: car.direction,
    source: car.declarationId ? 'DECLARATION' : 'OFFICER',
    declaration_id: car.declarationId ?? undefined,
    transport: car.transport,
    plate: vehicle && !car.noPlate ? plateKey(car.plate) : undefined,
    vehicle_note: vehicle ? car.vehicleNote.trim() : undefined,
    trip: hasTrip(car.transport) ? nonEmpty(compact(car.trip)) : undefined,
    roster_expected: car.transport === 'COACH' ? readCount(car.roster.expected) : undefined,
    purpose: car.purpose,
    occurred_at: occurredAt,
    people: people.map((person) => toPerson(person, people, car, shanghaiDate(Date.parse(occurredAt)))),
  });
}

function toPerson(person: PersonDraft, everyone: PersonDraft[], car: CarDraft, on: string): WirePerson {
  const symptomsAsked = person.symptoms.length || person.noSymptoms;
  return compact<WirePerson>({
    id: person.id,
    name: person.name.trim(),
    ...bornAndSex(person, on),
    nationality: person.documentType === 'RESIDENT_ID' ? undefined : person.nationality.trim(),
    occupation: person.occupation.trim(),
    document: compact({ type: person.documentType, number: numberOf(person) }),
    guardian_id: everyone.some((other) => other.id === person.guardianId) ? (person.guardianId ?? undefined) : undefined,
    phone: tidyPhone(person.phone),
    from_code: person.fromCode,
    stays: person.stays.length ? person.stays : undefined,
    destination: isTransit(car.purpose) ? undefined : nonEmpty(compact({ code: person.toCode, address: person.address.trim() })),
    temperatures: wireTemperatures(person),
    symptoms: symptomsAsked ? person.symptoms : undefined,
    case_contact: person.caseContact ?? undefined,
    resident: person.resident ?? undefined,
    answers: nonEmpty({ ...person.answers, ...passAnswers(car, person === everyone[0]) }),
  });
}

/** The pass belongs to the load; the first of the crew carries it. */
function passAnswers(car: CarDraft, isFirst: boolean): Record<string, unknown> {
  if (!isFirst || !hasPass(car.purpose)) return {};
  return compact({ PASS_CLASS: car.pass.kind, PASS_NUMBER: car.pass.number.trim() });
}

/** People expected on board, as a whole number; undefined when that was not typed. */
function readCount(typed: string): number | undefined {
  const count = Number(typed.normalize('NFKC').trim());
  return Number.isInteger(count) && count > 0 ? count : undefined;
}

function numberOf(person: PersonDraft): string | undefined {
  return person.documentType === 'NONE' ? undefined : tidyNumber(person.documentNumber);
}

/** Read off the document when it carries them, else as typed. */
export function bornAndSex(person: PersonDraft, on: string): { born_on?: string; sex?: 'F' | 'M' } {
  const reading = readDocument(person.documentType, person.documentNumber, on);
  if (reading.state === 'VALID') return { born_on: reading.bornOn, sex: reading.sex };
  return { born_on: readBirthDate(person.bornOn) ?? undefined, sex: person.sex || undefined };
}

/** 20150312, 2015-3-12 or 2015.03.12 as 2015-03-12; null when there is no such day. */
export function readBirthDate(typed: string): string | null {
  const text = typed.normalize('NFKC').trim();
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? /^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$/.exec(text);
  if (!match) return null;
  const date = `${match[1]}-${match[2]!.padStart(2, '0')}-${match[3]!.padStart(2, '0')}`;
  return isCalendarDate(date) ? date : null;
}

/** The same without what is undefined or an empty text; NUL, which no record may hold, goes too. */
function compact<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  const kept = Object.entries(fields)
    .map(([key, value]) => [key, typeof value === 'string' ? value.replaceAll('\0', '') : value])
    .filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(kept) as T;
}

function nonEmpty<T extends object>(fields: T): T | undefined {
  return Object.keys(fields).length ? fields : undefined;
}
