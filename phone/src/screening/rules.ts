/** The rules in force, kept on the phone: what the server would decide is decided here while there is no network. */
import { shallowRef, watch } from 'vue';
import { readRules } from '../api/requests';
import type { Bilingual, Direction, MeasureKind } from '../api/contract';
import { facts } from '../device/facts';
import { readSetting, writeSetting } from '../storage/settings';
import { hashOf } from './content';

export type Condition = 'SYMPTOM' | 'FEVER' | 'LOW_READING' | 'AFFECTED_AREA' | 'ALWAYS';
const CONDITIONS: readonly string[] = ['SYMPTOM', 'FEVER', 'LOW_READING', 'AFFECTED_AREA', 'ALWAYS'] satisfies Condition[];

export interface RuleRow {
  directions: Direction[];
  /** One of them is enough. */
  when: Condition[];
  kind: MeasureKind;
  row: string;
  place?: 'HOME' | 'FACILITY';
  days?: number;
}

/** As GET /api/v1/rules answers (docs/api.md): the strongest row first. */
export interface Rules {
  /** Of everything else here; a decision is known by it. */
  hash: string;
  thresholds: { fever_tenths: number; low_tenths: number; incubation_days: number };
  affected_areas: string[];
  rows: RuleRow[];
  sentences: Record<string, Bilingual>;
}

export interface KeptRules {
  rules: Rules;
  /** When the server last said that these are in force. */
  confirmedAt: number;
}

const KEY = 'rules';
const FRESH_MS = 30 * 60_000;

/** Null until the server was asked once. */
export const keptRules = shallowRef<KeptRules | null>(null);

export async function loadRules(): Promise<void> {
  keptRules.value = await readSetting<KeptRules>(KEY);
}

/** What the phone may decide by: null while it has none, or one it does not fully understand and must not decide by. */
export function rulesInForce(): Rules | null {
  const rules = keptRules.value?.rules;
  return rules && isUnderstood(rules) ? rules : null;
}

export function isUnderstood(rules: Rules): boolean {
  return rules.rows.every((row) => row.when.every((condition) => CONDITIONS.includes(condition)) && row.row in rules.sentences);
}

/** Ask again when the last answer has aged (the browser's cache sends the ETag). What came damaged is not kept. */
export async function refreshRules({ evenIfFresh = false } = {}): Promise<void> {
  const known = keptRules.value;
  if (!evenIfFresh && known && Date.now() - known.confirmedAt < FRESH_MS) return;
  const reply = await readRules();
  if (reply.kind !== 'OK' || !(await isWhole(reply.body))) return;
  keptRules.value = { rules: reply.body, confirmedAt: Date.now() };
  await writeSetting(KEY, keptRules.value);
}

async function isWhole(rules: Rules): Promise<boolean> {
  const { hash, ...content } = rules;
  return Array.isArray(rules.rows) && hash === (await hashOf(content));
}

/** On start, when the network returns, and as soon as the server names another rule set than the one kept. */
export function followRules(): void {
  addEventListener('online', () => void refreshRules({ evenIfFresh: true }));
  watch(
    () => facts.ruleSet,
    (hash) => void refreshRules({ evenIfFresh: hash !== keptRules.value?.rules.hash }),
  );
  void refreshRules({ evenIfFresh: true });
}
