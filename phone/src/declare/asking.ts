/** What a screen still misses or doubts. It is said once, by name; whoever goes on anyway is asked at the barrier. */
import { shanghaiDate, yearsBetween } from '../clock/shanghai';
import { readDocument } from '../identity/documents';
import { isKnownPlate } from '../identity/plates';
import { looksLikePhone } from '../identity/phoneNumber';
import { readBirthDate } from '../form/passage';
import { bornAndSex, hasPlate, isSeat } from './declaration';
import type { Draft, TravellerDraft } from './draft';
import type { Question } from './steps';

const OF_AGE = 18;

/** A field by the key of its word, what is wrong with it, and whose it is when there are several people. */
export interface Doubt {
  field: string;
  fault: 'EMPTY' | 'ODD' | 'CHECK' | 'LENGTH' | 'DATE' | 'ORDER';
  person?: TravellerDraft;
}

export function doubtsOf(question: Question, draft: Draft, at: number): Doubt[] {
  return DOUBTS[question](draft, shanghaiDate(at));
}

const DOUBTS: Record<Question, (draft: Draft, on: string) => Doubt[]> = {
  TRIP: ofTrip,
  PURPOSE: (draft) => (draft.purpose ? [] : [{ field: 'purpose', fault: 'EMPTY' }]),
  PEOPLE: (draft, on) => draft.people.flatMap((person) => ofPerson(person, draft, on)),
  FROM: (draft, on) => draft.people.filter((person) => !person.from.same).flatMap((person) => ofStays(person, on)),
  TO: (draft) => draft.people.filter((person) => !person.to.same).flatMap(ofDestination),
  HEALTH: (draft) => draft.people.flatMap(ofHealth),
};

function ofTrip(draft: Draft): Doubt[] {
  const found: Doubt[] = [];
  if (!draft.transport) found.push({ field: 'transport', fault: 'EMPTY' });
  if (hasPlate(draft) && !draft.plate.trim()) found.push({ field: 'plate', fault: 'EMPTY' });
  else if (hasPlate(draft) && !isKnownPlate(draft.plate)) found.push({ field: 'plate', fault: 'ODD' });
  if (draft.roster && !draft.seat.trim()) found.push({ field: 'seat', fault: 'EMPTY' });
  else if (draft.roster && !isSeat(draft.seat)) found.push({ field: 'seat', fault: 'ODD' });
  return found;
}

function ofPerson(person: TravellerDraft, draft: Draft, on: string): Doubt[] {
  const found: Doubt[] = [];
  if (!person.name.trim()) found.push({ field: 'name', fault: 'EMPTY', person });
  found.push(...ofDocument(person, on), ...ofPhone(person));
  if (person.bornOn.trim() && !readBirthDate(person.bornOn)) found.push({ field: 'bornOn', fault: 'DATE', person });
  if (isMinor(person, on) && draft.people.length > 1 && person.guardianId === null) found.push({ field: 'guardian', fault: 'EMPTY', person });
  return found;
}

const DOCUMENT_FAULTS = { LENGTH: 'LENGTH', FIRST_GENERATION: 'LENGTH', CHARACTERS: 'ODD', REGION: 'ODD', DATE: 'DATE', FUTURE: 'DATE', CHECK: 'CHECK' } as const;

function ofDocument(person: TravellerDraft, on: string): Doubt[] {
  const reading = readDocument(person.documentType, person.documentNumber, on);
  const doubt = (fault: Doubt['fault']): Doubt[] => [{ field: 'documentNumber', fault, person }];
  if (reading.state === 'EMPTY') return person.documentType === 'NONE' ? [] : doubt('EMPTY');
  if (reading.state === 'TYPING') return doubt('LENGTH');
  if (reading.state === 'FAULTY') return doubt(DOCUMENT_FAULTS[reading.fault]);
  return reading.state === 'ODD' ? doubt('ODD') : [];
}

function ofPhone(person: TravellerDraft): Doubt[] {
  if (person.phoneSame) return [];
  if (!person.phone.trim()) return [{ field: 'phone', fault: 'EMPTY', person }];
  return looksLikePhone(person.phone) ? [] : [{ field: 'phone', fault: 'ODD', person }];
}

/** Younger than eighteen by the document or the date typed; unknown is no. */
export function isMinor(person: TravellerDraft, on: string): boolean {
  const { born_on: bornOn } = bornAndSex(person, on);
  return bornOn !== undefined && yearsBetween(bornOn, on) < OF_AGE;
}

function ofStays(person: TravellerDraft, on: string): Doubt[] {
  const { code, stays } = person.from;
  const found: Doubt[] = code ? [] : [{ field: 'from', fault: 'EMPTY', person }];
  if (!stays.length || stays.some((stay) => !stay.code || !stay.from || !stay.to)) found.push({ field: 'stays', fault: 'EMPTY', person });
  else if (stays.some((stay) => stay.from > stay.to || stay.to > on)) found.push({ field: 'stays', fault: 'ORDER', person });
  return found;
}

function ofDestination(person: TravellerDraft): Doubt[] {
  const empty: ['to' | 'address', string][] = [
    ['to', person.to.code],
    ['address', person.to.address.trim()],
  ];
  return empty.filter(([, text]) => !text).map(([field]) => ({ field, fault: 'EMPTY', person }));
}

function ofHealth(person: TravellerDraft): Doubt[] {
  const found: Doubt[] = [];
  if (!person.symptoms.length && !person.noSymptoms) found.push({ field: 'symptoms', fault: 'EMPTY', person });
  if (person.caseContact === null) found.push({ field: 'contact', fault: 'EMPTY', person });
  return found;
}
