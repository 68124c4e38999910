/** How the server reads places, days, documents and readings (checkpoints/intake/people.py, kernel/), said again. Pure. */
import type { TemperatureState, WireTemperature } from '../api/contract';
import { checkCharacter, isCalendarDate } from '../identity/residentId';
import type { Stay } from './decide';

export interface WireStay {
  code?: string | null;
  from?: string | null;
  to?: string | null;
}

/** Below and above, a reading is a slip of the finger, not a fact. */
const LOWEST_BODY_TENTHS = 200;
const HIGHEST_BODY_TENTHS = 450;

const CODE_LENGTHS = [2, 4, 6, 9, 12, 15, 18];
/** Every first pair of digits GB/T 2260 has ever given out. */
const PROVINCES = /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82)/;

/** The stays whose place has the form of a division code. */
export function readStays(stays: readonly WireStay[]): Stay[] {
  return stays.flatMap(({ code, from, to }): Stay[] => {
    const known = canonicalCode(code ?? '');
    return known ? [[known, readDay(from), readDay(to)]] : [];
  });
}

/** 2103 and 210300 are one place; null for what has not the form of a division code. */
export function canonicalCode(code: string): string | null {
  if (!/^[0-9]+$/.test(code) || !CODE_LENGTHS.includes(code.length) || !PROVINCES.test(code)) return null;
  let digits = code;
  while (digits.length > 6 && digits.endsWith('000')) digits = digits.slice(0, -3);
  if (digits.length === 6) digits = digits.replace(/(00){1,2}$/, '');
  else if (digits.length === 4) digits = digits.replace(/00$/, '');
  return digits.padEnd(6, '0');
}

/** 2020-02-10 or 20200210; what is no day was not said. */
export function readDay(text: string | null | undefined): string | null {
  const match = /^(?!0000)([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})$/.exec(text ?? '');
  const day = match ? `${match[1]}-${match[3]}-${match[4]}` : '';
  return isCalendarDate(day) ? day : null;
}

/** The last reading that says something supersedes the earlier ones: re-measured indoors is what counts. */
export function readTemperatures(readings: readonly Partial<WireTemperature>[]): {
  celsius_tenths: number | null;
  temperature_state: TemperatureState | null;
} {
  let tenths: number | null = null;
  let state: TemperatureState | null = null;
  for (const reading of readings) {
    const read = stateOf(reading);
    if (read === 'READ') tenths = toTenths(reading.celsius!);
    if (state === null || read !== 'NOT_TAKEN') state = read;
  }
  return { celsius_tenths: state === 'READ' ? tenths : null, temperature_state: state };
}

function stateOf({ state, celsius }: Partial<WireTemperature>): TemperatureState {
  const said = state || 'READ';
  if (said === 'LOW') return 'LOW';
  return said === 'READ' && celsius != null && isPlausible(celsius) ? 'READ' : 'NOT_TAKEN';
}

function isPlausible(celsius: number): boolean {
  return celsius * 10 >= LOWEST_BODY_TENTHS && celsius * 10 <= HIGHEST_BODY_TENTHS;
}

/** A half goes to the even tenth, as the server rounds. */
function toTenths(celsius: number): number {
  const tenths = celsius * 10;
  const rounded = Math.round(tenths);
  return rounded - tenths === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** What people type around a number and nobody sees, and dashes of every kind (kernel/as_typed.py). */
const AROUND = /[\u0000-\u0020\u007f-\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufe00-\ufe0f\ufeff\-‐‑‒–—―−﹣－ー_＿]/g;
const EIGHTEEN = /^[0-9]{17}[0-9X]$/;
/** Of documents that carry the holder's birth; any 18 digits and a right check character are taken for a resident's number. */
const CARRIES_BIRTH = ['RESIDENT_ID', 'HMT_RESIDENCE'];
const NEVER_CARRIES = ['HM_PASS', 'TW_PASS', 'PASSPORT'];
const OLDEST_YEARS = 130;

/** The birth that a document's number tells (kernel/documents.py), also where its check character is wrong; else null. */
export function readBirth(type: string, typed: string, on: string): string | null {
  const number = plainNumber(typed);
  if (!EIGHTEEN.test(number) || NEVER_CARRIES.includes(type)) return null;
  if (type === 'PERMANENT_RESIDENCE' ? !number.startsWith('9') : !CARRIES_BIRTH.includes(type) && !isSound(number)) return null;
  const bornOn = readDay(number.slice(6, 14));
  const isPossible = bornOn !== null && bornOn <= on && Number(on.slice(0, 4)) - Number(bornOn.slice(0, 4)) <= OLDEST_YEARS;
  return isPossible ? bornOn : null;
}

function isSound(number: string): boolean {
  return (PROVINCES.test(number) || number.startsWith('83')) && checkCharacter(number.slice(0, 17)) === number[17];
}

function plainNumber(typed: string): string {
  return typed
    .replace(AROUND, '')
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/[ⅹⅩ×хХ]/g, 'X');
}
