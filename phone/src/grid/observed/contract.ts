/** Who is observed in the grid, as the server tells it, and what the worker says of them (docs/api.md). */
import type { Grid } from '../contract';

export type OrderState = 'ORDERED' | 'NOTIFIED' | 'IN_PLACE' | 'BROKEN' | 'RELEASED' | 'MOVED_TO_ISOLATION' | 'HANDED_OVER' | 'LIFTED';
export type Half = 'MORNING' | 'EVENING';
export type Verdict = 'WELL' | 'SYMPTOMATIC' | 'NOT_READ';
export type WorkList = 'SYMPTOMATIC' | 'MISSED' | 'DUE' | 'DONE';
export type Way = 'GRID_DOOR' | 'GRID_PHONE';
export const CARE_KINDS = ['DEPENDANTS', 'MEDICINE', 'DIALYSIS', 'PREGNANCY'] as const;
export type CareKind = (typeof CARE_KINDS)[number];

export type FollowUpKind = 'CALL' | 'VISIT' | 'CLINIC';
export type Outcome = 'WELL' | 'UNWELL' | 'NO_ANSWER' | 'NOT_THERE' | 'AT_CLINIC' | 'NOT_ILL' | 'ADMITTED';
/** What may come of it besides a report, which says of whoever was reached that he is well or not. */
export const OUTCOMES: Record<FollowUpKind, readonly Outcome[]> = {
  CALL: ['NO_ANSWER', 'NOT_THERE'],
  VISIT: ['NOT_THERE'],
  CLINIC: ['AT_CLINIC', 'NOT_ILL', 'ADMITTED'],
};

export interface Thresholds {
  hash: string;
  fever: string;
  inclusive: boolean;
  lowest: string;
  highest: string;
  /** Minutes of the day until which a half-day is due. */
  morning_by: number;
  evening_by: number;
  symptoms: string[];
}

export interface Report {
  day: string;
  half: Half;
  verdict: Verdict;
  way: string;
  at: string;
  celsius?: string | null;
  symptoms?: string[];
}

export interface FollowUp {
  id: string;
  kind: FollowUpKind;
  since_day: string;
  since_half: Half;
  due_at: string;
}

export interface ObservedPerson {
  order: string;
  number: string;
  name: string;
  sex?: 'F' | 'M' | null;
  age?: number | null;
  phone: string;
  household: string | null;
  code: string | null;
  address: string;
  kind: 'HOME' | 'FACILITY';
  room?: string | null;
  state: OrderState;
  day: number;
  day0_on: string;
  last_on: string;
  observed_from: string | null;
  on_list: WorkList | null;
  dependants: 'YES' | 'NO' | null;
  care: { kind: CareKind; has_carer: boolean }[];
  follow_ups: FollowUp[];
  /** Of yesterday and today. */
  reports: Report[];
}

export interface ObservedAnswer {
  division: Grid;
  as_of: string;
  thresholds: Thresholds;
  people: ObservedPerson[];
  more: boolean;
}

export interface CareSaid {
  needed: boolean;
  need?: string;
  carer?: string;
  phone?: string;
}

/** What is said of somebody under an order, before it is sealed. */
export type OrderSaid =
  | { kind: 'CHECK_IN'; order: string; celsius?: number; symptoms: string[]; way: Way; half?: Half }
  | { kind: 'PLACED'; order: string; care?: Partial<Record<CareKind, CareSaid>> }
  | { kind: 'TOLD'; order: string }
  | { kind: 'BROKEN'; order: string; note?: string }
  | { kind: 'FOLLOW_UP'; order: string; follow_up: string; asked: FollowUpKind; outcome: Outcome; note?: string };

/** The same by ids and codes, as it stays on the phone in the clear until the server's list knows it. */
export type AboutOrder =
  | { kind: 'CHECK_IN'; subject: string; said: Verdict; day: string; half: Half }
  /** BLOCKED: somebody was there, and nobody cares yet for who depends on him. */
  | { kind: 'ORDER'; subject: string; said: 'NOTIFIED' | 'IN_PLACE' | 'BROKEN' | 'BLOCKED' }
  | { kind: 'FOLLOW_UP'; subject: string; said: Outcome };
