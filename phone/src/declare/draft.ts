/** What the traveller has typed so far: one family, one form. Text stays as typed; declaration.ts makes from it what is sealed. */
import { reactive, watch } from 'vue';
import type { Transport } from '../api/contract';
import type { DocumentType } from '../identity/documents';
import { keep, kept } from './memory';

export interface StayDraft {
  code: string;
  from: string;
  to: string;
}

export interface PlacesDraft {
  /** As the first person's; never of the first. */
  same: boolean;
  code: string;
}

export interface TravellerDraft {
  /** Tells them apart in this form; sent nowhere. */
  id: number;
  name: string;
  documentType: DocumentType;
  documentNumber: string;
  bornOn: string;
  sex: '' | 'F' | 'M';
  nationality: string;
  occupation: string;
  phoneSame: boolean;
  phone: string;
  guardianId: number | null;
  from: PlacesDraft & { stays: StayDraft[] };
  to: PlacesDraft & { address: string };
  symptoms: string[];
  noSymptoms: boolean;
  caseContact: boolean | null;
  /** The officer's to say; null here. */
  resident: boolean | null;
  /** To the questions of the rules, by their keys. */
  answers: Record<string, unknown>;
}

export interface Draft {
  transport: Transport | '';
  plate: string;
  tripNumber: string;
  seat: string;
  roster: string;
  purpose: string;
  people: TravellerDraft[];
  /** A commuter's card, good for a week. */
  card: boolean;
}

export const draft = reactive<Draft>(emptyDraft());

export function emptyDraft(): Draft {
  return { transport: '', plate: '', tripNumber: '', seat: '', roster: '', purpose: '', people: [emptyTraveller(1)], card: false };
}

export function emptyTraveller(id: number): TravellerDraft {
  return {
    id,
    name: '',
    documentType: 'RESIDENT_ID',
    documentNumber: '',
    bornOn: '',
    sex: '',
    nationality: '',
    occupation: '',
    phoneSame: id > 1,
    phone: '',
    guardianId: null,
    from: { same: id > 1, code: '', stays: [] },
    to: { same: id > 1, code: '', address: '' },
    symptoms: [],
    noSymptoms: false,
    caseContact: null,
    resident: null,
    answers: {},
  };
}

export function addTraveller(): TravellerDraft {
  draft.people.push(emptyTraveller(Math.max(...draft.people.map((person) => person.id)) + 1));
  return draft.people[draft.people.length - 1]!;
}

/** The first cannot be taken away: the others may be the same as theirs. */
export function removeTraveller(id: number): void {
  draft.people = draft.people.filter((person, place) => place === 0 || person.id !== id);
  for (const person of draft.people) if (person.guardianId === id) person.guardianId = null;
}

const ROSTER_IN_ADDRESS = /^#r=([2-9A-HJ-NP-Z]{6})$/;

/** As it was before a reload; passengers of a coach come with its code in the address. */
export function loadDraft(): void {
  const before = kept<Draft>('draft');
  // What an older version of this page kept may lack fields.
  if (before) Object.assign(draft, before, { people: before.people.map((person) => ({ ...emptyTraveller(person.id), ...person })) });
  const roster = ROSTER_IN_ADDRESS.exec(location.hash)?.[1];
  if (roster) Object.assign(draft, { roster, transport: 'COACH' });
  watch(draft, () => keep('draft', draft), { deep: true });
}

export function clearDraft(): void {
  Object.assign(draft, emptyDraft());
}
