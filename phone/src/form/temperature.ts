/** Temperatures as a thermometer at -15 °C gives them. Pure. */
import type { TemperatureState, WireTemperature } from '../api/contract';
import type { PersonDraft } from './draft';

/** One tap for what most people have. */
export const QUICK_TEMPERATURES = ['36.3', '36.4', '36.5', '36.6', '36.7', '36.8'];

/** Below this a forehead in the cold says nothing about fever: measure again indoors. */
const LOW_BELOW = 35;

/** Degrees Celsius with one decimal, or null when the text is not a human temperature. 365 is 36.5; commas and full-width digits are read. */
export function readCelsius(typed: string): number | null {
  const text = typed.normalize('NFKC').trim().replace(/[,，。]/, '.').replace(/℃|°C?/i, '');
  const dotted = text.replace(/^(\d\d)(\d)$/, '$1.$2');
  if (!/^\d{2}(\.\d{1,2})?$/.test(dotted)) return null;
  const celsius = Math.round(Number(dotted) * 10) / 10;
  return celsius >= 20 && celsius <= 45 ? celsius : null;
}

/** The text after one more digit: 3, 36, 36.5; a fourth begins anew. */
export function typeDigit(typed: string, digit: string): string {
  const before = typed.replace(/\D/g, '');
  const digits = before.length >= 3 ? digit : before + digit;
  return digits.replace(/^(\d\d)(\d)$/, '$1.$2');
}

/** What a typed value means before anybody marks it otherwise. */
export function stateOfReading(typed: string): TemperatureState | null {
  const celsius = readCelsius(typed);
  if (celsius === null) return null;
  return celsius < LOW_BELOW ? 'LOW' : 'READ';
}

/** Note what was read or marked, and when. */
export function setReading(person: PersonDraft, text: string, state: TemperatureState | null, at: string): void {
  person.temperature = text;
  person.temperatureState = state;
  person.temperatureAt = state === null ? '' : at;
}

/** 室内复测: the reading so far is kept beside the one to come. */
export function measureAgain(person: PersonDraft): void {
  const reading = currentReading(person);
  if (reading) person.earlierReadings.push(reading);
  setReading(person, '', null, '');
}

/** Every reading of this person, in the order they were taken; undefined when nobody measured. */
export function wireTemperatures(person: PersonDraft): WireTemperature[] | undefined {
  const current = currentReading(person);
  const readings = current ? [...person.earlierReadings, current] : person.earlierReadings;
  return readings.length ? readings : undefined;
}

function currentReading(person: PersonDraft): WireTemperature | null {
  if (person.temperatureState === null) return null;
  const celsius = person.temperatureState === 'NOT_TAKEN' ? null : readCelsius(person.temperature);
  const at = person.temperatureAt ? { at: person.temperatureAt } : {};
  return { celsius, site: person.temperatureSite, state: person.temperatureState, ...at };
}
