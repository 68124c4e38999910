/** The documents travellers show, and what can be said about a number while it is typed. */
import { readResidentId, tidyNumber, type ResidentIdFault } from './residentId';

export const DOCUMENT_TYPES = [
  'RESIDENT_ID',
  'HMT_RESIDENCE',
  'HM_PASS',
  'TW_PASS',
  'PERMANENT_RESIDENCE',
  'PASSPORT',
  'OTHER',
  'NONE',
] as const;

export type DocumentType = (typeof DOCUMENT_TYPES)[number];

export type DocumentReading =
  | { state: 'EMPTY' | 'ACCEPTED' | 'ODD' }
  | { state: 'TYPING'; missing: number }
  | { state: 'VALID'; bornOn: string; sex: 'F' | 'M' }
  | { state: 'FAULTY'; fault: ResidentIdFault };

const CARRIES_CHECK: ReadonlySet<DocumentType> = new Set(['RESIDENT_ID', 'HMT_RESIDENCE']);

/** Formats without a check character, after tidying; renewals add digits at the end. */
const FORMATS: Partial<Record<DocumentType, RegExp>> = {
  HM_PASS: /^[HM]\d{8}(\d{2})?$/,
  TW_PASS: /^(\d{8}|\d{10})$/,
  PERMANENT_RESIDENCE: /^([A-Z]{3}\d{12}|9\d{16}[\dX])$/,
  PASSPORT: /^[A-Z0-9]{5,9}$/,
};

/** Whether this document is typed on the keypad with X instead of the phone's own keyboard. */
export function usesIdKeypad(type: DocumentType): boolean {
  return CARRIES_CHECK.has(type);
}

/** Nothing here refuses a number: whatever is typed is sent, the reading only tells the officer what to look at again. */
export function readDocument(type: DocumentType, typed: string, on: string): DocumentReading {
  const number = tidyNumber(typed);
  if (type === 'NONE' || number === '') return { state: 'EMPTY' };
  if (CARRIES_CHECK.has(type)) return readCheckedNumber(number, on);
  const format = FORMATS[type];
  return { state: !format || format.test(number) ? 'ACCEPTED' : 'ODD' };
}

function readCheckedNumber(number: string, on: string): DocumentReading {
  if (number.length < 18 && number.length !== 15) return { state: 'TYPING', missing: 18 - number.length };
  const reading = readResidentId(number, on);
  if (reading.valid) return { state: 'VALID', bornOn: reading.bornOn, sex: reading.sex };
  return { state: 'FAULTY', fault: reading.fault };
}

/** 2103********2019: enough to tell two travellers apart, not enough to use. */
export function maskNumber(number: string): string {
  if (number.length <= 8) return number.slice(0, 2) + '*'.repeat(Math.max(0, number.length - 2));
  return number.slice(0, 4) + '*'.repeat(number.length - 8) + number.slice(-4);
}

/** 王**: the surname stays readable for calling people, the rest does not. */
export function maskName(name: string): string {
  const letters = [...name.trim()];
  return (letters[0] ?? '') + '*'.repeat(Math.max(0, letters.length - 1));
}
