/** What the phone itself decides at 完成, by the rules it keeps: told at once, sent along as `shown`, checked by the receipt. */
import type { WireMeasure, WirePassage, WireShown } from '../api/contract';
import { shanghaiDate } from '../clock/shanghai';
import { countedAt, setRight } from '../device/facts';
import { decide, type Measure } from '../screening/decide';
import type { Content } from '../screening/form';
import { factsOf } from '../screening/people';
import { isLapsed, rulesInForce } from '../screening/rules';

export interface Decision {
  rule_set: string;
  rows: string[];
  measures: WireMeasure[];
}

/** One decision for each person's id; none at all while the phone has no rules it understands. */
export function decideAll(passage: WirePassage): Map<string, Decision> {
  const rules = rulesInForce();
  if (!rules) return new Map();
  const at = Date.parse(passage.occurred_at);
  const on = shanghaiDate(countedAt(at));
  const lapsed = isLapsed(rules, setRight(at));
  return new Map(
    passage.people.map((person) => {
      const { rows, measures } = decide(rules, factsOf(person, passage, on), { lapsed });
      return [person.id, { rule_set: rules.hash, rows, measures: measures.map((measure) => said(measure, rules)) }];
    }),
  );
}

/** With the sentence of its row, as a receipt says it. */
function said({ kind, row, place, days }: Measure, { rows }: Content): WireMeasure {
  const say = rows.find((one) => one.row === row)!.say;
  return { kind, row, ...(place && { place }), ...(days && { days }), say };
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
