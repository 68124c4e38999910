/** What is believed of an opened declaration: anybody with the public key can seal anything. Pure. */
import { TRANSPORTS } from '../api/contract';
import { DOCUMENT_TYPES } from '../identity/documents';
import { isCalendarDate } from '../identity/residentId';
import { CONTENT_VERSION, MOST_PEOPLE, type DeclarationContent, type DeclaredPerson, type DeclaredStay } from './content';

const MOST_ENTRIES = 30;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CODE = /^[A-Z][A-Z0-9_]{0,39}$/;
const DIVISION = /^\d{2,15}$/;
/** Control characters, and those that turn or hide what stands beside them. */
const UNSEEN = /[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

type Fields = Record<string, unknown>;

/** Null when it is no declaration of this version about anybody; whatever else is odd is left out. */
export function toContent(json: unknown): DeclarationContent | null {
  const made = fieldsOf(json);
  const people = listOf(made.people, MOST_PEOPLE).map(fieldsOf);
  const id = matching(made.id, ID)?.toLowerCase();
  const madeAt = momentOf(made.made_at);
  if (made.v !== CONTENT_VERSION || !id || !madeAt || !people.length) return null;
  return present<DeclarationContent>({
    v: CONTENT_VERSION,
    id,
    kind: made.kind === 'CARD' ? 'CARD' : 'DECLARATION',
    made_at: madeAt,
    checkpoint: textOf(made.checkpoint, 40) ?? '',
    seat: textOf(made.seat, 12),
    roster: textOf(made.roster, 20),
    transport: oneOf(made.transport, TRANSPORTS),
    plate: textOf(made.plate, 20),
    purpose: matching(made.purpose, CODE),
    trip: tripOf(fieldsOf(made.trip)),
    people: people.map((person, place) => toPerson(person, place, people.length)),
  });
}

/** What a driver says of the coach; everything in it may be missing. */
export function toCoach(json: unknown): Pick<DeclarationContent, 'plate' | 'trip'> {
  const said = fieldsOf(json);
  return present<Pick<DeclarationContent, 'plate' | 'trip'>>({ plate: textOf(said.plate, 20), trip: tripOf(fieldsOf(said.trip)) });
}

function toPerson(said: Fields, place: number, count: number): DeclaredPerson {
  return present<DeclaredPerson>({
    name: textOf(said.name, 60),
    document: documentOf(fieldsOf(said.document)),
    born_on: dayOf(said.born_on),
    sex: oneOf(said.sex, ['F', 'M'] as const),
    nationality: textOf(said.nationality, 40),
    occupation: textOf(said.occupation, 60),
    phone: textOf(said.phone, 30),
    guardian: guardianOf(said.guardian, place, count),
    from_code: matching(said.from_code, DIVISION),
    stays: someOf(listOf(said.stays, MOST_ENTRIES).map(fieldsOf).map(stayOf).filter((stay) => stay !== undefined)),
    destination: destinationOf(fieldsOf(said.destination)),
    symptoms: symptomsOf(said.symptoms),
    case_contact: typeof said.case_contact === 'boolean' ? said.case_contact : undefined,
    answers: answersOf(fieldsOf(said.answers)),
  });
}

function documentOf(said: Fields): DeclaredPerson['document'] {
  const number = textOf(said.number, 40);
  const type = oneOf(said.type, DOCUMENT_TYPES) ?? (number ? 'OTHER' : 'NONE');
  return present({ type, number: type === 'NONE' ? undefined : number });
}

function guardianOf(said: unknown, place: number, count: number): number | undefined {
  const isSomeoneElse = Number.isInteger(said) && said !== place && (said as number) >= 0 && (said as number) < count;
  return isSomeoneElse ? (said as number) : undefined;
}

function stayOf(said: Fields): DeclaredStay | undefined {
  const [code, from, to] = [matching(said.code, DIVISION), dayOf(said.from), dayOf(said.to)];
  return code && from && to && from <= to ? { code, from, to } : undefined;
}

function destinationOf(said: Fields): DeclaredPerson['destination'] {
  return nonEmpty(present({ code: matching(said.code, DIVISION), address: textOf(said.address, 200) }));
}

/** An empty list says "asked and none", so a list of which nothing can be read must not become one. */
function symptomsOf(said: unknown): string[] | undefined {
  if (!Array.isArray(said)) return undefined;
  const known = listOf(said, MOST_ENTRIES).map((one) => matching(one, CODE)).filter((one) => one !== undefined);
  return said.length && !known.length ? undefined : [...new Set(known)];
}

function tripOf(said: Fields): DeclarationContent['trip'] {
  return nonEmpty(present({ number: textOf(said.number, 20), carriage: textOf(said.carriage, 12), seat: textOf(said.seat, 12) }));
}

function answersOf(said: Fields): Record<string, unknown> | undefined {
  const answers = Object.entries(said).slice(0, MOST_ENTRIES).map(([question, answer]) => [textOf(question, 40), answerOf(answer)] as const);
  return nonEmpty(Object.fromEntries(answers.filter(([question, answer]) => question && answer !== undefined)));
}

function answerOf(said: unknown): string | number | boolean | undefined {
  if (typeof said === 'boolean' || Number.isFinite(said)) return said as number | boolean;
  return textOf(said, 200);
}

function fieldsOf(said: unknown): Fields {
  return typeof said === 'object' && said !== null && !Array.isArray(said) ? (said as Fields) : {};
}

function listOf(said: unknown, most: number): unknown[] {
  return Array.isArray(said) ? said.slice(0, most) : [];
}

function textOf(said: unknown, most: number): string | undefined {
  if (typeof said !== 'string') return undefined;
  return [...said.replace(UNSEEN, ' ').trim()].slice(0, most).join('').trim() || undefined;
}

function matching(said: unknown, form: RegExp): string | undefined {
  return typeof said === 'string' && form.test(said.trim()) ? said.trim() : undefined;
}

function oneOf<T extends string>(said: unknown, known: readonly T[]): T | undefined {
  return known.find((one) => one === said);
}

function dayOf(said: unknown): string | undefined {
  const day = matching(said, /^\d{4}-\d{2}-\d{2}$/);
  return day && isCalendarDate(day) ? day : undefined;
}

function momentOf(said: unknown): string | undefined {
  const moment = textOf(said, 40);
  return moment && !Number.isNaN(Date.parse(moment)) ? moment : undefined;
}

function someOf<T>(list: T[]): T[] | undefined {
  return list.length ? list : undefined;
}

function nonEmpty<T extends object>(fields: T): T | undefined {
  return Object.keys(fields).length ? fields : undefined;
}

/** The same without what is undefined. */
function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
