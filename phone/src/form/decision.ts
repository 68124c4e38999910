/** What the phone itself decides at 完成, by the rules it keeps: told at once, sent along as `shown`, checked by the receipt. */
import type { WireMeasure, WirePassage, WireShown } from '../api/contract';
import { shanghaiDate } from '../clock/shanghai';
import { decide, factsOf, type Decision } from '../screening/decide';
import { rulesInForce } from '../screening/rules';

/** One decision for each person's id; none at all while the phone has no rules it understands. */
export function decideAll(passage: WirePassage): Map<string, Decision> {
  const rules = rulesInForce();
  if (!rules) return new Map();
  const on = shanghaiDate(Date.parse(passage.occurred_at));
  return new Map(passage.people.map((person) => [person.id, decide(rules, factsOf(person, passage.direction, on))]));
}

/** The passage with what each person was told. */
export function withShown(passage: WirePassage, decisions: Map<string, Decision>): WirePassage {
  if (!decisions.size) return passage;
  const people = passage.people.map((person) => {
    const decision = decisions.get(person.id);
    return decision ? { ...person, shown: toShown(decision) } : person;
  });
  return { ...passage, people };
}

function toShown({ rule_set, rows, measures }: Decision): WireShown {
  return { rule_set, rows, measures: measures.map((measure) => measure.kind) };
}

/** Whether both ask for the same acts, in whatever order and whatever their rows are called. */
export function saysTheSame(one: WireMeasure[], other: WireMeasure[]): boolean {
  return actsOf(one) === actsOf(other);
}

function actsOf(measures: WireMeasure[]): string {
  return measures
    .map(({ kind, place, days }) => `${kind} ${place ?? ''} ${days ?? ''}`)
    .sort()
    .join();
}
