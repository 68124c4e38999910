/** What the server tells a phone about its work: the lists to choose from, the rules in force, the right time. */
import { reactive } from 'vue';
import { readDevice } from '../api/requests';
import type { Choice, DeviceAnswer } from '../api/contract';
import { link } from '../outbox/link';
import { readSetting, writeSetting } from '../storage/settings';
import { enrolment, keepEnrolment } from './enrolment';

export interface DeviceFacts {
  symptoms: Choice[];
  purposes: Choice[];
  passClasses: Choice[];
  ruleSet: string | null;
  /** Server's clock minus the phone's; null until the server was asked once. */
  clockOffsetMs: number | null;
  readAt: number | null;
}

const KEY = 'deviceFacts';
const FRESH_MS = 30 * 60_000;
/** From here on the officer is told that the phone's clock is wrong. */
const NOTABLE_SKEW_MS = 5 * 60_000;

export const facts = reactive<DeviceFacts>({
  symptoms: [],
  purposes: [],
  passClasses: [],
  ruleSet: null,
  clockOffsetMs: null,
  readAt: null,
});

export async function loadFacts(): Promise<void> {
  Object.assign(facts, await readSetting<DeviceFacts>(KEY));
}

/** Ask again when the last answer has aged; offline the last one stays in force. */
export async function refreshFacts({ evenIfFresh = false } = {}): Promise<void> {
  const known = enrolment.value;
  if (!known || (!evenIfFresh && facts.readAt && Date.now() - facts.readAt < FRESH_MS)) return;
  const askedAt = Date.now();
  const reply = await readDevice(known.token);
  link.reached = reply.kind !== 'UNREACHABLE';
  if (reply.kind === 'OK') return keepFacts(reply.body, askedAt, Date.now());
  if (reply.kind === 'REFUSED' && reply.status === 401) link.gate = 'ENROL_AGAIN';
  if (reply.kind === 'REFUSED' && reply.status === 403) link.gate = 'REVOKED';
}

async function keepFacts(answer: DeviceAnswer, askedAt: number, answeredAt: number): Promise<void> {
  Object.assign(facts, {
    symptoms: answer.symptoms,
    purposes: answer.purposes,
    passClasses: answer.pass_classes ?? [],
    ruleSet: answer.rule_set,
    clockOffsetMs: Math.round(Date.parse(answer.server_time) - (askedAt + answeredAt) / 2),
    readAt: answeredAt,
  } satisfies DeviceFacts);
  await writeSetting(KEY, facts);
  if (enrolment.value?.deviceId !== answer.device_id) return;
  await keepEnrolment({ ...enrolment.value, checkpoint: answer.checkpoint, expiresAt: answer.expires_at });
}

/** For the parcel's envelope: nothing when the server's clock was never seen. */
export function clockOffset(): { clock_offset_ms?: number } {
  return facts.clockOffsetMs === null ? {} : { clock_offset_ms: facts.clockOffsetMs };
}

/** Minutes the phone is ahead (positive) or behind, or 0 while that hardly matters. */
export function minutesAhead(): number {
  const offset = facts.clockOffsetMs ?? 0;
  return Math.abs(offset) < NOTABLE_SKEW_MS ? 0 : Math.round(-offset / 60_000);
}

export function refreshFactsOnEvents(): void {
  addEventListener('online', () => void refreshFacts({ evenIfFresh: true }));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refreshFacts();
  });
  setInterval(() => void refreshFacts(), FRESH_MS);
  void refreshFacts({ evenIfFresh: true });
}
