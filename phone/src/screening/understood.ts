/**
 * Whether this program can read a rule set to its last word. A newer form, or a fact, an operator or a measure it does not know: then
 * it decides nothing. Whatever came is asked, so nothing here throws. Pure.
 */
import { MEASURE_KINDS } from '../api/contract';
import { ANSWERS, EXEMPT, FORM, type Content, type Question } from './form';

type Fields = Record<string, unknown>;

const COMPARED = ['AT_LEAST', 'ABOVE', 'AT_MOST', 'BELOW'];
const CODE = ['ONE_OF', 'NONE_OF', 'MISSING'];
const NUMBER = [...COMPARED, 'MISSING'];
const PLACE = ['UNDER', 'OUTSIDE', 'MISSING'];
const YES_NO = ['IS', 'MISSING'];

/** What may be asked of each fact (lianfang/screening/form.py). */
const OPERATORS = new Map<string, readonly string[]>([
  ...['direction', 'transport', 'purpose', 'document_type', 'temperature_state'].map((fact) => [fact, CODE] as const),
  ...['celsius_tenths', 'age'].map((fact) => [fact, NUMBER] as const),
  ...['from_code', 'destination_code', 'stays'].map((fact) => [fact, PLACE] as const),
  ...['case_contact', 'resident'].map((fact) => [fact, YES_NO] as const),
  ['areas', ['LEVEL']],
  ['symptoms', ['ANY', 'ANY_OF']],
]);
const OF_ANSWERS = [...CODE, ...NUMBER, ...YES_NO];
const WITHOUT_VALUE = ['MISSING', 'ANY'];
const LOOKING_BACK = ['stays', 'areas'];

export function isUnderstood(content: unknown): content is Content {
  const { form, areas, rows } = fieldsOf(content);
  return form === FORM && isListOf(areas, isArea) && isListOf(rows, isRow);
}

/** The questions this program can ask, whatever else of the rule set it does not understand. */
export function questionsOf(content: unknown): Question[] {
  const { form, questions } = fieldsOf(content);
  return form === FORM && Array.isArray(questions) ? questions.filter(isQuestion) : [];
}

function isArea(said: unknown): boolean {
  const { code, level, from, to } = fieldsOf(said);
  return isText(code) && isText(level) && isDay(from) && isDay(to);
}

function isRow(said: unknown): boolean {
  const { row, from, to, when, unless, then, say } = fieldsOf(said);
  const isAsked = isListOf(when, isCondition) && (unless === undefined || isListOf(unless, isCondition));
  return isText(row) && isDay(from) && isDay(to) && isAsked && isMeasure(then) && isBilingual(say);
}

function isMeasure(said: unknown): boolean {
  const { kind, place, days, lifts } = fieldsOf(said);
  const isKnown = [...MEASURE_KINDS, EXEMPT].some((one) => one === kind);
  return isKnown && (place == null || place === 'HOME' || place === 'FACILITY') && (days == null || isWhole(days)) && (lifts === undefined || isListOf(lifts, isText));
}

function isCondition(said: unknown): boolean {
  const { fact, op, value, days } = fieldsOf(said);
  if (!isText(fact) || !isText(op)) return false;
  const known = fact.startsWith(ANSWERS) ? OF_ANSWERS : OPERATORS.get(fact);
  const looksBack = LOOKING_BACK.includes(fact) && op !== 'MISSING';
  return known !== undefined && known.includes(op) && isValueFor(op, value) && (!looksBack || isWhole(days));
}

function isValueFor(op: string, value: unknown): boolean {
  if (WITHOUT_VALUE.includes(op)) return true;
  if (COMPARED.includes(op)) return isWhole(value);
  return op === 'IS' ? typeof value === 'boolean' : isListOf(value, isText);
}

function isQuestion(said: unknown): said is Question {
  const { key, kind, choices, directions } = fieldsOf(said);
  const isKnown = kind === 'YES_NO' || kind === 'NUMBER' || (kind === 'CHOICE' && isListOf(choices, isChoice));
  return isText(key) && isKnown && isBilingual(said) && (directions === undefined || isListOf(directions, isText));
}

function isChoice(said: unknown): boolean {
  return isText(fieldsOf(said).code) && isBilingual(said);
}

function isBilingual(said: unknown): boolean {
  const { zh, en } = fieldsOf(said);
  return isText(zh) && isText(en);
}

function isListOf(said: unknown, is: (one: unknown) => boolean): boolean {
  return Array.isArray(said) && said.every(is);
}

/** A missing end is none. */
function isDay(said: unknown): boolean {
  return said == null || isText(said);
}

function isText(said: unknown): said is string {
  return typeof said === 'string';
}

function isWhole(said: unknown): boolean {
  return Number.isInteger(said);
}

function fieldsOf(said: unknown): Fields {
  return typeof said === 'object' && said !== null ? (said as Fields) : {};
}
