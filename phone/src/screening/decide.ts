/** Facts in, measures out, as the server decides them (lianfang/screening/rules.py; tests/screening/cases.json). Pure. */
import type { Direction, TemperatureState, WireMeasure, WirePerson } from '../api/contract';
import { readStays, readTemperatures, type Stay, type WireStay } from './reading';
import type { Condition, RuleRow, Rules } from './rules';

/** What the rules may ask about a person. The division code inside an identity number is never among it. */
export interface Facts {
  /** 2020-02-10, in Shanghai, by the day of capture. */
  on: string;
  direction: Direction;
  stays: Stay[];
  celsiusTenths: number | null;
  temperatureState: TemperatureState | null;
  symptoms: string[];
}

export interface Decision {
  rule_set: string;
  rows: string[];
  measures: WireMeasure[];
}

export type ScreenedPerson = Pick<WirePerson, 'from_code' | 'temperatures' | 'symptoms'> & { stays?: WireStay[] };

export function factsOf(person: ScreenedPerson, direction: Direction, on: string): Facts {
  return {
    on,
    direction,
    stays: readStays(person.stays ?? [], person.from_code),
    ...readTemperatures(person.temperatures ?? []),
    symptoms: person.symptoms ?? [],
  };
}

/** Every matching row applies; the strongest measure comes first. */
export function decide(rules: Rules, facts: Facts): Decision {
  const fired = rules.rows.filter(
    (row) => row.directions.includes(facts.direction) && row.when.some((condition) => HOLDS[condition](rules, facts)),
  );
  return { rule_set: rules.hash, rows: fired.map(({ row }) => row), measures: fired.map((row) => toMeasure(row, rules)) };
}

const HOLDS: Record<Condition, (rules: Rules, facts: Facts) => boolean> = {
  SYMPTOM: (_, facts) => facts.symptoms.length > 0,
  FEVER: ({ thresholds }, { celsiusTenths }) => celsiusTenths !== null && celsiusTenths >= thresholds.fever_tenths,
  LOW_READING: ({ thresholds }, { celsiusTenths, temperatureState }) =>
    temperatureState === 'LOW' || (celsiusTenths !== null && celsiusTenths < thresholds.low_tenths),
  AFFECTED_AREA: wasInAffectedArea,
  ALWAYS: () => true,
};

function wasInAffectedArea({ affected_areas, thresholds }: Rules, { stays, on }: Facts): boolean {
  const since = daysBefore(on, thresholds.incubation_days);
  return stays.some(({ code, lastDay }) => affected_areas.some((area) => code.startsWith(area)) && (lastDay === null || lastDay >= since));
}

function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}

function toMeasure({ kind, row, place, days }: RuleRow, rules: Rules): WireMeasure {
  return { kind, row, ...(place && { place }), ...(days && { days }), say: rules.sentences[row] ?? { zh: '', en: '' } };
}
