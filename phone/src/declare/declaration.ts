/** From what the traveller typed to what is sealed. Pure: what is empty is left out, nothing is refused. */
import { CONTENT_VERSION, type DeclarationContent, type DeclaredPerson, type DeclaredStay } from '../declaration/content';
import { readBirthDate } from '../form/passage';
import { readDocument } from '../identity/documents';
import { plateKey } from '../identity/plates';
import { tidyPhone } from '../identity/phoneNumber';
import { tidyNumber } from '../identity/residentId';
import { shanghaiDate } from '../clock/shanghai';
import type { Draft, StayDraft, TravellerDraft } from './draft';

const OFFSET_MS = 8 * 3_600_000;

/** 2020-02-10T08:30:00+08:00 */
export function shanghaiMoment(at: number): string {
  return `${new Date(at + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

export function toContent(draft: Draft, checkpoint: string, id: string, at: number): DeclarationContent {
  const aboard = draft.transport === 'COACH' || draft.transport === 'TRAIN';
  const trip = aboard ? filled({ number: draft.tripNumber.trim(), seat: tidySeat(draft.seat) }) : {};
  return filled<DeclarationContent>({
    v: CONTENT_VERSION,
    id,
    kind: draft.card ? 'CARD' : 'DECLARATION',
    made_at: shanghaiMoment(at),
    checkpoint,
    roster: draft.card ? undefined : draft.roster,
    seat: draft.roster && !draft.card ? tidySeat(draft.seat) : undefined,
    transport: draft.transport || undefined,
    plate: hasPlate(draft) ? plateKey(draft.plate) : undefined,
    purpose: draft.purpose,
    trip: Object.keys(trip).length ? trip : undefined,
    people: draft.people.map((person) => toPerson(person, draft, shanghaiDate(at))),
  });
}

/** On foot and by train there is no plate; a passenger of a coach need not know it. */
export function hasPlate(draft: Draft): boolean {
  return draft.transport !== '' && draft.transport !== 'FOOT' && draft.transport !== 'TRAIN' && !draft.roster;
}

/** 12, 12A, A3: what stands on the seat, without the word for it. */
export function tidySeat(typed: string): string {
  return typed.normalize('NFKC').toUpperCase().replace(/[\s号座排-]/g, '');
}

export function isSeat(typed: string): boolean {
  return /^([A-Z]?\d{1,3}|\d{1,3}[A-Z])$/.test(tidySeat(typed));
}

/** How somebody feels and what rules ask changes from day to day: a card for a week does not say it, the officer asks. */
function toPerson(person: TravellerDraft, draft: Draft, on: string): DeclaredPerson {
  const [first] = draft.people as [TravellerDraft];
  const from = person.from.same ? first.from : person.from;
  const to = person.to.same ? first.to : person.to;
  const destination = filled({ code: to.code, address: to.address.trim() });
  const guardian = draft.people.findIndex((other) => other.id === person.guardianId);
  return filled<DeclaredPerson>({
    name: person.name.trim(),
    document: filled({ type: person.documentType, number: person.documentType === 'NONE' ? undefined : tidyNumber(person.documentNumber) }),
    ...bornAndSex(person, on),
    nationality: person.documentType === 'RESIDENT_ID' ? undefined : person.nationality.trim(),
    occupation: person.occupation.trim(),
    phone: tidyPhone(person.phoneSame ? first.phone : person.phone),
    guardian: guardian >= 0 ? guardian : undefined,
    from_code: from.code,
    stays: draft.card ? undefined : wholeStays(from.stays),
    destination: Object.keys(destination).length ? destination : undefined,
    symptoms: !draft.card && (person.symptoms.length || person.noSymptoms) ? [...person.symptoms] : undefined,
    case_contact: draft.card ? undefined : (person.caseContact ?? undefined),
    answers: !draft.card && Object.keys(person.answers).length ? { ...person.answers } : undefined,
  });
}

/** Copies of those that are complete; undefined when there is none. */
function wholeStays(stays: readonly StayDraft[]): DeclaredStay[] | undefined {
  const whole = stays.filter((stay) => stay.code && stay.from && stay.to).map((stay) => ({ ...stay }));
  return whole.length ? whole : undefined;
}

/** Read off the document where it carries them, else as typed. */
export function bornAndSex(person: TravellerDraft, on: string): { born_on?: string; sex?: 'F' | 'M' } {
  const reading = readDocument(person.documentType, person.documentNumber, on);
  if (reading.state === 'VALID') return { born_on: reading.bornOn, sex: reading.sex };
  return { born_on: readBirthDate(person.bornOn) ?? undefined, sex: person.sex || undefined };
}

function filled<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')) as T;
}
