/** Into the form by other ways than typing: a traveller's declaration, a commuter's card, a document that was read. */
import { ref } from 'vue';
import { preferences } from '../device/preferences';
import { expiryOf, type DeclarationContent, type DeclaredPerson } from '../declaration/content';
import type { DocumentType } from '../identity/documents';
import { tidyNumber } from '../identity/residentId';
import { emptyPerson, isBlankPerson, peopleOf, type CarDraft, type PersonDraft } from './draft';
import { advance, leadTo } from './lead';
import { editPerson, desk, nextPerson, person as shownPerson } from './session';

export { setRoster } from './roster';

export interface Reading {
  name?: string;
  documentType: DocumentType;
  documentNumber: string;
  sex?: 'F' | 'M';
  bornOn?: string;
  address?: string;
}

/** Why a code that was read is not taken: said above the form until the next car. */
export const refusal = ref<'CARD_TOO_OLD' | 'DECLARATION_TOO_OLD' | null>(null);

/** Everything the traveller declared, then the thermometer. People of a second code join those already there. */
export function fillFromDeclaration(declaration: DeclarationContent, now: number): void {
  refusal.value = now < expiryOf(declaration) ? null : declaration.kind === 'CARD' ? 'CARD_TOO_OLD' : 'DECLARATION_TOO_OLD';
  if (refusal.value) return;
  fillVehicle(desk.car, declaration);
  const people = toDrafts(declaration);
  const known = peopleOf(desk.car);
  desk.car.people = [...known, ...people];
  desk.car.current = known.length;
  void leadTo('temperature');
}

/** What the officer has typed already stays. */
function fillVehicle(car: CarDraft, { id, kind, transport, plate, purpose, trip, roster }: DeclarationContent): void {
  if (transport && !peopleOf(car).length) car.transport = transport;
  if (!car.noPlate) car.plate ||= plate ?? '';
  car.purpose ||= purpose ?? (kind === 'CARD' ? 'COMMUTE' : '');
  car.trip = { number: car.trip.number || (trip?.number ?? ''), carriage: car.trip.carriage || (trip?.carriage ?? ''), seat: car.trip.seat || (trip?.seat ?? '') };
  car.roster.code ||= roster ?? '';
  car.declarationId ??= id;
}

/** People get ids of this phone; a guardian is named by the place in the declaration. */
function toDrafts({ people, seat }: DeclarationContent): PersonDraft[] {
  const drafts = people.map((declared) => toDraft(declared, seat));
  for (const [place, { guardian }] of people.entries()) {
    drafts[place]!.guardianId = (guardian !== undefined && guardian !== place && drafts[guardian]?.id) || null;
  }
  return drafts;
}

function toDraft(declared: DeclaredPerson, seat: string | undefined): PersonDraft {
  return {
    ...emptyPerson(preferences.temperatureSite),
    name: declared.name ?? '',
    documentType: declared.document.type,
    documentNumber: declared.document.number ?? '',
    bornOn: declared.born_on?.replaceAll('-', '') ?? '',
    sex: declared.sex ?? '',
    nationality: declared.nationality ?? '',
    occupation: declared.occupation ?? '',
    phone: declared.phone ?? '',
    fromCode: declared.from_code ?? '',
    stays: declared.stays ?? [],
    toCode: declared.destination?.code ?? '',
    address: declared.destination?.address ?? '',
    symptoms: declared.symptoms ?? [],
    noSymptoms: declared.symptoms?.length === 0,
    caseContact: declared.case_contact ?? null,
    answers: { ...declared.answers, ...(seat ? { SEAT: seat } : {}) },
  };
}

/** A document that a reader read: the person in the form if nobody is there yet, else the next one. The same card twice is one person. */
export function fillPerson(reading: Reading): void {
  const number = tidyNumber(reading.documentNumber);
  const known = desk.car.people.find((one) => number && tidyNumber(one.documentNumber) === number);
  if (known) editPerson(known.id);
  else if (!awaitsDocument(shownPerson.value, reading)) nextPerson();
  const person = shownPerson.value;
  person.name = reading.name?.trim() || person.name;
  person.documentType = reading.documentType;
  person.documentNumber = number;
  person.bornOn = reading.bornOn?.replaceAll('-', '') ?? person.bornOn;
  person.sex = reading.sex ?? person.sex;
  person.cardAddress = reading.address?.trim() ?? '';
  advance('document');
}

/** Somebody whose name was typed and whose card comes after it is the same person. */
function awaitsDocument(person: PersonDraft, reading: Reading): boolean {
  if (isBlankPerson(person)) return true;
  const name = person.name.trim();
  return !person.documentNumber.trim() && (!name || !reading.name || name === reading.name.trim());
}
