/** What the rules in force have the officer ask: their questions, and whether somebody lives here where they care. Pure. */
import type { Bilingual, Choice, Direction } from '../api/contract';
import type { Answer } from '../screening/decide';
import type { Condition, Question } from '../screening/form';
import { isAnswer } from '../screening/people';
import type { Rules } from '../screening/rules';
import { isUnderstood, questionsOf } from '../screening/understood';

/** A field of the record rather than an answer; no question can be called so. */
export const RESIDENT = 'RESIDENT';

export interface Asked {
  key: string;
  kind: Question['kind'];
  /** Null for RESIDENT, which has words of its own in every language. */
  words: Bilingual | null;
  choices: Choice[];
}

/** Of an officer's form or of a traveller's own. */
export interface Told {
  resident: boolean | null;
  answers: Record<string, unknown>;
}

export function askedBy(rules: Rules | undefined, direction: Direction): Asked[] {
  if (!rules) return [];
  const asked = questionsOf(rules).filter(({ directions }) => !directions?.length || directions.includes(direction));
  const questions = asked.map(({ key, kind, zh, en, choices = [] }): Asked => ({ key, kind, words: { zh, en }, choices }));
  return caresWhoLivesHere(rules) ? [{ key: RESIDENT, kind: 'YES_NO', words: null, choices: [] }, ...questions] : questions;
}

function caresWhoLivesHere(rules: Rules): boolean {
  const asks = (conditions: Condition[] | undefined) => conditions?.some(({ fact }) => fact === 'resident') ?? false;
  return isUnderstood(rules) && rules.rows.some(({ when, unless }) => asks(when) || asks(unless));
}

/** What was answered, as far as it answers the question as it is put now; null is not asked. */
export function answerOf({ answers, resident }: Told, { key, kind, choices }: Asked): Answer | null {
  if (key === RESIDENT) return resident;
  const said = Object.prototype.hasOwnProperty.call(answers, key) ? answers[key] : null;
  if (!isAnswer(said)) return null;
  if (kind === 'CHOICE') return choices.some(({ code }) => code === said) ? said : null;
  return typeof said === (kind === 'YES_NO' ? 'boolean' : 'number') ? said : null;
}

/** Null takes the answer back. */
export function setAnswer(told: Told, { key }: Asked, answer: Answer | null): void {
  if (key === RESIDENT) {
    told.resident = answer === null ? null : answer === true;
    return;
  }
  const { [key]: _, ...others } = told.answers;
  told.answers = answer === null ? others : { ...others, [key]: answer };
}

/** The first one after `after` that has no answer yet; never back. Null begins. */
export function nextOpen(told: Told, asked: readonly Asked[], after: string | null, isReturning: boolean): Asked | null {
  const from = asked.findIndex(({ key }) => key === after) + 1;
  return asked.slice(from).find((one) => !isSettled(told, one, isReturning)) ?? null;
}

/** Whoever returns home lives here: nobody need ask. */
export function isSettled(told: Told, asked: Asked, isReturning: boolean): boolean {
  return answerOf(told, asked) !== null || (asked.key === RESIDENT && isReturning);
}
