/** Temperatures as a thermometer at -15 °C gives them. Pure. */
import type { TemperatureState, WireTemperature } from '../api/contract';
import type { PersonDraft } from './draft';

/** One tap for what most people have. */
export const QUICK_TEMPERATURES = ['36.3', '36.4', '36.5', '36.6', '36.7', '36.8'];
export const WHOLE_DEGREES = ['34', '35', '36', '37', '38', '39', '40', '41'];
export const TENTHS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Below this a forehead in the cold says nothing about fever: measure again indoors. */
const LOW_BELOW = 35;

/** Degrees Celsius with one decimal, or null when the text is not a human temperature. Commas and full-width digits are read. */
export function readCelsius(typed: string): number | null {
  const text = typed.normalize('NFKC').trim().replace(/[,，。]/, '.').replace(/℃|°C?/i, '');
  if (!/^\d{2}(\.\d{1,2})?$/.test(text)) return null;
  const celsius = Math.round(Number(text) * 10) / 10;
  return celsius >= 20 && celsius <= 45 ? celsius : null;
}

/** What a typed value means before anybody marks it otherwise. */
export function stateOfReading(typed: string): TemperatureState | null {
  const celsius = readCelsius(typed);
  if (celsius === null) return null;
  return celsius < LOW_BELOW ? 'LOW' : 'READ';
}

export function wireTemperature(person: PersonDraft): WireTemperature | null {
  if (person.temperatureState === null) return null;
  const celsius = person.temperatureState === 'NOT_TAKEN' ? null : readCelsius(person.temperature);
  return { celsius, site: person.temperatureSite, state: person.temperatureState };
}
