/** The form of a rule set, as the server compiles it (lianfang/screening/form.py; docs/rule-sets.md). Pure. */
import type { Bilingual, Direction, MeasureKind } from '../api/contract';

export const FORM = 2;
export const ANSWERS = 'answers.';
export const EXEMPT = 'EXEMPT';

export type CodeFact = 'direction' | 'transport' | 'purpose' | 'document_type' | 'temperature_state';
export type NumberFact = 'celsius_tenths' | 'age';
export type PlaceFact = 'from_code' | 'destination_code';
export type YesNoFact = 'case_contact' | 'resident';
/** What is one thing said about a person; stays, areas and symptoms are several. */
export type PlainFact = CodeFact | NumberFact | PlaceFact | YesNoFact;

export interface Condition {
  /** A fact by its name, or the answer to a question: answers.KEY. */
  fact: string;
  op: string;
  value?: boolean | number | string[];
  /** How many days before the day of capture a stay may have ended. */
  days?: number;
}

export interface Area {
  /** The digits that every code within begins with: 42, 2103, 420106. */
  code: string;
  level: string;
  from?: string | null;
  to?: string | null;
}

export interface RuleRow {
  row: string;
  from?: string | null;
  to?: string | null;
  when: Condition[];
  unless?: Condition[];
  then: { kind: MeasureKind | typeof EXEMPT; place?: 'HOME' | 'FACILITY' | null; days?: number | null; lifts?: string[] };
  say: Bilingual;
}

export interface Question {
  key: string;
  kind: 'YES_NO' | 'CHOICE' | 'NUMBER';
  zh: string;
  en: string;
  choices?: (Bilingual & { code: string })[];
  /** Where it is asked; missing: in both. */
  directions?: Direction[];
}

/** What decides: a rule set without its hash and without the time it is in force. */
export interface Content {
  form: number;
  title: Bilingual;
  source: string;
  areas: Area[];
  questions: Question[];
  rows: RuleRow[];
}
