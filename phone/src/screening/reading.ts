/** How the server reads what was sent about a person (checkpoints/intake/people.py, kernel/divisions.py), said again. Pure. */
import type { TemperatureState, WireTemperature } from '../api/contract';
import { isCalendarDate } from '../identity/residentId';

/** A place stayed in: its canonical code, and the last day there, null while it goes on. */
export interface Stay {
  code: string;
  lastDay: string | null;
}

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

/** Where somebody comes from is a stay that goes on. */
export function readStays(stays: readonly WireStay[], fromCode: string | null | undefined): Stay[] {
  return [...stays.map(({ code, to }) => ({ code, lastDay: readDay(to) })), { code: fromCode, lastDay: null }].flatMap(
    ({ code, lastDay }) => {
      const known = canonicalCode(code ?? '');
      return known ? [{ code: known, lastDay }] : [];
    },
  );
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

/** 2020-02-10 or 20200210; an end that is no day is no end. */
function readDay(text: string | null | undefined): string | null {
  const match = /^(?!0000)([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})$/.exec(text ?? '');
  const day = match ? `${match[1]}-${match[3]}-${match[4]}` : '';
  return isCalendarDate(day) ? day : null;
}

/** The last reading that says something supersedes the earlier ones: re-measured indoors is what counts. */
export function readTemperatures(readings: readonly Partial<WireTemperature>[]): {
  celsiusTenths: number | null;
  temperatureState: TemperatureState | null;
} {
  let tenths: number | null = null;
  let state: TemperatureState | null = null;
  for (const reading of readings) {
    const read = stateOf(reading);
    if (read === 'READ') tenths = toTenths(reading.celsius!);
    if (state === null || read !== 'NOT_TAKEN') state = read;
  }
  return { celsiusTenths: state === 'READ' ? tenths : null, temperatureState: state };
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
