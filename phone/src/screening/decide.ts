/**
 * Facts in, measures out, as the server decides them (lianfang/screening/rules.py; tests/screening). Pure: no browser and no
 * framework, since the server's own check runs this file and compares.
 */
import { MEASURE_KINDS, type Direction, type MeasureKind } from '../api/contract';
import { holds } from './conditions';
import type { Content, RuleRow } from './form';

/** Yes or no, a whole number, or the code of a choice. */
export type Answer = boolean | number | string;
/** A division code with the first and the last day there; null: not said, and for the last day, until now. */
export type Stay = [code: string, first: string | null, last: string | null];

/** What the rules may ask about a person. The division code inside an identity number is never among it. */
export interface Facts {
  /** 2020-02-13, in Shanghai, by the day of capture. */
  on: string;
  direction: Direction;
  transport: string | null;
  purpose: string | null;
  stays: Stay[];
  celsius_tenths: number | null;
  temperature_state: string | null;
  symptoms: string[];
  from_code: string | null;
  destination_code: string | null;
  document_type: string | null;
  age: number | null;
  case_contact: boolean | null;
  resident: boolean | null;
  answers: Record<string, Answer>;
}

/** One measure decided for a person, and the row that decided it. */
export interface Measure {
  kind: MeasureKind;
  row: string;
  place: 'HOME' | 'FACILITY' | null;
  days: number | null;
}

/** The rows that apply, in the order of the rule set; measures come strongest first, each kind once. */
export interface Verdict {
  rows: string[];
  measures: Measure[];
}

/** What binds a person ends when its rule set's time is over; registration and care go on. */
const RESTRICTIVE: readonly string[] = ['TURN_BACK_PROPOSED', 'QUARANTINE', 'NOTIFY_GRID'];
const STRICTNESS = { FACILITY: 2, HOME: 1 } as const;

/** All matching rows apply, but for those an exemption lifts; once lapsed, none that restricts anybody. */
export function decide(content: Content, facts: Facts, { lapsed = false } = {}): Verdict {
  const fired = content.rows.filter((row) => !(lapsed && RESTRICTIVE.includes(row.then.kind)) && fires(row, facts, content));
  const lifted = fired.flatMap((row) => row.then.lifts ?? []);
  const applied = fired.filter(({ row }) => !lifted.includes(row));
  return { rows: applied.map(({ row }) => row), measures: MEASURE_KINDS.flatMap((kind) => strictest(kind, applied)) };
}

function fires(row: RuleRow, facts: Facts, { areas }: Content): boolean {
  if ((row.from && facts.on < row.from) || (row.to && facts.on > row.to)) return false;
  return row.when.every((one) => holds(one, facts, areas)) && !row.unless?.some((one) => holds(one, facts, areas));
}

/** Of several of one kind: in a facility rather than at home, longer rather than shorter, else the first. */
function strictest(kind: MeasureKind, rows: RuleRow[]): Measure[] {
  const [first, ...others] = rows.filter(({ then }) => then.kind === kind).map(toMeasure);
  return first ? [others.reduce((strict, other) => (isStricter(other, strict) ? other : strict), first)] : [];
}

function toMeasure({ row, then }: RuleRow): Measure {
  return { kind: then.kind as MeasureKind, row, place: then.place ?? null, days: then.days ?? null };
}

function isStricter(one: Measure, other: Measure): boolean {
  const [place, least] = [placeOf(one), placeOf(other)];
  return place > least || (place === least && (one.days ?? 0) > (other.days ?? 0));
}

function placeOf({ place }: Measure): number {
  return place ? STRICTNESS[place] : 0;
}
