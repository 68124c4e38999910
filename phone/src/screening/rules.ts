/** The rules in force, kept on the phone: what the server would decide is decided here while there is no network. */
import { computed, ref, shallowRef, watch } from 'vue';
import { readRules } from '../api/requests';
import { facts, serverNow } from '../device/facts';
import { dropSetting, readSetting, writeSetting } from '../storage/settings';
import { hashOf } from './content';
import { FORM, type Content } from './form';
import { isUnderstood } from './understood';

/** As GET /api/v1/rules answers (docs/api.md). */
export interface Rules extends Content {
  /** Of the content, without itself and without `valid`; a decision is known by it. */
  hash: string;
  /** From this moment to that one, exclusive; null where nobody has put a rule set in force yet. */
  valid: { from: string; to: string } | null;
}

export interface KeptRules {
  rules: Rules;
  /** When the server last said that these are in force. */
  confirmedAt: number;
  /** They end earlier than this phone was told before: an officer ended them. Missing: they did not, or it cannot know. */
  endedEarly?: boolean;
}

const KEY = 'rules';
/** Rules that an officer ends keep their hash, too: whoever is online hears of it within two minutes, mostly by a 304. */
const FRESH_MS = 2 * 60_000;
/** A renewal has the same hash, so that nobody tells the phone of it: near the end it asks by itself. */
const NEAR_THE_END_MS = 60 * 60_000;
const EVERY_MS = 60_000;

/** Null until the server was asked once. */
export const keptRules = shallowRef<KeptRules | null>(null);
/** Counts the minutes: what is over by the clock is asked anew. */
const minutes = ref(0);

/** Rules of before they were data are forgotten: nothing can be decided by them any more. */
export async function loadRules(): Promise<void> {
  const kept = await readSetting<KeptRules>(KEY);
  const isOfOld = kept !== null && !(kept.rules?.form >= FORM);
  if (isOfOld) await dropSetting(KEY);
  keptRules.value = isOfOld ? null : kept;
}

/** What the phone may decide by: null while it has none, or one it does not fully understand and must not decide by. */
export function rulesInForce(): Rules | null {
  const rules = keptRules.value?.rules;
  return rules && isUnderstood(rules) ? rules : null;
}

/** Whether the time of these rules is over at a moment of the server's clock: what restricts anybody has ended then. */
export function isLapsed({ valid }: Rules, at: number): boolean {
  return Boolean(valid) && at >= Date.parse(valid!.to);
}

/** As the officer is told. */
export const rulesAreOver = computed(() => {
  const rules = keptRules.value?.rules;
  return minutes.value >= 0 && rules !== undefined && isLapsed(rules, serverNow());
});

/** Whether they are over because an officer ended them, as far as this phone knows. */
export const rulesWereEnded = computed(() => rulesAreOver.value && keptRules.value?.endedEarly === true);

/** Ask again when the last answer has aged (the browser's cache sends the ETag). What came damaged is not kept. */
export async function refreshRules({ evenIfFresh = false } = {}): Promise<void> {
  const known = keptRules.value;
  if (!evenIfFresh && known && Date.now() - known.confirmedAt < FRESH_MS) return;
  const reply = await readRules();
  if (reply.kind !== 'OK' || !(await isWhole(reply.body))) return;
  keptRules.value = { rules: reply.body, confirmedAt: Date.now(), ...(endEarlier(reply.body, known) && { endedEarly: true }) };
  await writeSetting(KEY, keptRules.value);
}

/** Of the same rule set; a renewal ends later. */
function endEarlier({ hash, valid }: Rules, known: KeptRules | null): boolean {
  if (!valid || !known?.rules.valid || hash !== known.rules.hash) return false;
  const [end, before] = [Date.parse(valid.to), Date.parse(known.rules.valid.to)];
  return end < before || (end === before && known.endedEarly === true);
}

async function isWhole({ hash, valid: _, ...content }: Rules): Promise<boolean> {
  return hash === (await hashOf(content));
}

/** On start, when the network returns, and minute by minute while the server names another rule set than the one kept. */
export function followRules(): void {
  addEventListener('online', () => void refreshRules({ evenIfFresh: true }));
  watch(() => facts.readAt, askIfOld);
  setInterval(() => {
    minutes.value += 1;
    askIfOld();
  }, EVERY_MS);
  void refreshRules({ evenIfFresh: true });
}

function askIfOld(): void {
  if (navigator.onLine) void refreshRules({ evenIfFresh: isAnother() || isNearItsEnd() });
}

/** Also when asking failed the last time. */
function isAnother(): boolean {
  return facts.ruleSet !== null && facts.ruleSet !== keptRules.value?.rules.hash;
}

function isNearItsEnd(): boolean {
  const rules = keptRules.value?.rules;
  return rules !== undefined && isLapsed(rules, serverNow() + NEAR_THE_END_MS);
}
