/** Whether a condition holds of the facts, word for word as on the server (lianfang/screening/conditions.py). Pure. */
import type { Answer, Facts, Stay } from './decide';
import { ANSWERS, type Area, type Condition, type PlainFact } from './form';

type Said = Answer | null;
type Asked = (said: Said, value: Condition['value']) => boolean;

export function holds(condition: Condition, facts: Facts, areas: readonly Area[]): boolean {
  const { fact, op, value } = condition;
  if (fact === 'areas') return wasInAnArea(condition, facts, areas);
  if (fact === 'stays') return stayed(condition, facts);
  if (fact === 'symptoms') return op === 'ANY' ? facts.symptoms.length > 0 : facts.symptoms.some((one) => listed(value, one));
  const said = saidAbout(fact, facts);
  return op === 'MISSING' ? said === null : ABOUT_ONE[op]!(said, value);
}

/** Each asks of the kind it is about, and of nothing else: the answer 1 is no yes, "3" no number. */
const ABOUT_ONE: Record<string, Asked> = {
  ONE_OF: (said, value) => typeof said === 'string' && listed(value, said),
  NONE_OF: (said, value) => typeof said === 'string' && !listed(value, said),
  AT_LEAST: (said, value) => isWhole(said) && said >= (value as number),
  ABOVE: (said, value) => isWhole(said) && said > (value as number),
  AT_MOST: (said, value) => isWhole(said) && said <= (value as number),
  BELOW: (said, value) => isWhole(said) && said < (value as number),
  UNDER: (said, value) => typeof said === 'string' && isUnder(said, value),
  OUTSIDE: (said, value) => typeof said === 'string' && !isUnder(said, value),
  IS: (said, value) => said === value,
};

function isWhole(said: Said): said is number {
  return Number.isInteger(said);
}

function listed(value: Condition['value'], code: string): boolean {
  return (value as string[]).includes(code);
}

function isUnder(code: string, value: Condition['value']): boolean {
  return (value as string[]).some((place) => code.startsWith(place));
}

function saidAbout(fact: string, facts: Facts): Said {
  if (fact.startsWith(ANSWERS)) return answerTo(fact.slice(ANSWERS.length), facts);
  if (fact === 'resident') return isResident(facts);
  return facts[fact as PlainFact] ?? null;
}

/** An answer's own: a question may be called what every object has. */
function answerTo(key: string, { answers }: Facts): Said {
  return Object.prototype.hasOwnProperty.call(answers, key) ? (answers[key] ?? null) : null;
}

/** As told; of whom nobody said, whoever returns home lives here. */
function isResident({ resident, purpose }: Facts): boolean | null {
  return resident ?? (purpose === 'RESIDENT_RETURN' ? true : null);
}

/** Every place told, and where the person comes from as one that goes on. */
function staysOf({ stays, from_code }: Facts): Stay[] {
  return from_code ? [...stays, [from_code, null, null]] : stays;
}

function stayed({ op, value, days }: Condition, facts: Facts): boolean {
  const stays = staysOf(facts);
  if (op === 'MISSING') return !stays.length;
  const since = daysBefore(facts.on, days!);
  return stays.some(([code, , last]) => isUnder(code, value) === (op === 'UNDER') && (last === null || last >= since));
}

/** Days are compared as they are written, 2020-02-13: the order of the letters is that of the days. */
function wasInAnArea({ value, days }: Condition, facts: Facts, areas: readonly Area[]): boolean {
  const since = daysBefore(facts.on, days!);
  const asked = areas.filter(({ level }) => listed(value, level));
  return staysOf(facts).some(([code, first, last]) => {
    const until = last ?? facts.on;
    return until >= since && asked.some((area) => code.startsWith(area.code) && wasAffected(area, first, until));
  });
}

function wasAffected({ from, to }: Area, first: string | null, until: string): boolean {
  return (!from || until >= from) && (!to || first === null || first <= to);
}

function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}
