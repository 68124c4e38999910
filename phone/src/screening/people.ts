/** A person as the server reads what was sent about him (checkpoints/intake/people.py), said again. Pure. */
import { TRANSPORTS, type WirePassage, type WirePerson } from '../api/contract';
import { yearsBetween } from '../clock/shanghai';
import { DOCUMENT_TYPES } from '../identity/documents';
import type { Answer, Facts } from './decide';
import { canonicalCode, readBirth, readDay, readStays, readTemperatures } from './reading';

export type ScreenedPerson = Partial<Omit<WirePerson, 'document'>> & { document?: { type?: string; number?: string } };
export type ScreenedPassage = Pick<WirePassage, 'direction'> & { transport?: string; purpose?: string };

const PURPOSES = ['RESIDENT_RETURN', 'COMMUTE', 'FREIGHT', 'SUPPLIES', 'TRANSIT', 'MEDICAL', 'EMERGENCY', 'OFFICIAL', 'VISIT', 'OTHER'];
const OLDEST_YEARS = 130;
const KEY = /^[a-z][a-z0-9_]{0,39}$/;
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
const LARGEST_ANSWER = 1_000_000;
const MOST_ANSWERS = 40;

/** `on` is the day of capture in Shanghai. */
export function factsOf(person: ScreenedPerson, passage: ScreenedPassage, on: string): Facts {
  const documentType = documentTypeOf(person.document);
  return {
    on,
    direction: passage.direction === 'OUT' ? 'OUT' : 'IN',
    transport: oneOf(passage.transport, TRANSPORTS),
    purpose: passage.purpose ? oneOf(passage.purpose, PURPOSES) : null,
    stays: readStays(person.stays ?? []),
    ...readTemperatures(person.temperatures ?? []),
    symptoms: (person.symptoms ?? []).map((one) => (CODE.test(one) ? one : 'OTHER')),
    from_code: canonicalCode(person.from_code ?? ''),
    destination_code: canonicalCode(person.destination?.code ?? ''),
    document_type: documentType,
    age: ageOf(readBirth(documentType, person.document?.number ?? '', on) ?? readDay(person.born_on), on),
    case_contact: person.case_contact ?? null,
    resident: person.resident ?? null,
    answers: answersOf(person.answers ?? {}),
  };
}

/** A value of a closed list; any other is OTHER. */
function oneOf(value: string | undefined, known: readonly string[]): string {
  return value !== undefined && known.includes(value) ? value : 'OTHER';
}

function documentTypeOf(document: ScreenedPerson['document']): string {
  return document ? oneOf(document.type, DOCUMENT_TYPES) : 'NONE';
}

function ageOf(bornOn: string | null, on: string): number | null {
  if (bornOn === null) return null;
  const age = yearsBetween(bornOn, on);
  return age >= 0 && age <= OLDEST_YEARS ? age : null;
}

/** Whether a question of rules can be called so. */
export function isKey(key: string): boolean {
  return KEY.test(key);
}

/** What was chosen: yes or no, a whole number, a code. Anybody's own words are no fact; of too many the first by their keys are. */
function answersOf(answers: Record<string, unknown>): Record<string, Answer> {
  const chosen = Object.entries(answers).filter((one): one is [string, Answer] => isKey(one[0]) && isAnswer(one[1]));
  return Object.fromEntries(chosen.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MOST_ANSWERS));
}

export function isAnswer(said: unknown): said is Answer {
  if (typeof said === 'string') return CODE.test(said);
  return typeof said === 'boolean' || (Number.isInteger(said) && Math.abs(said as number) <= LARGEST_ANSWER);
}
