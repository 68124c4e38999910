/** What the server tells a phone about its work: the lists to choose from, the rules in force, the right time. */
import { reactive } from 'vue';
import type { Choice } from '../api/contract';
import type { DeviceAnswer } from '../api/device';
import { readSetting, writeSetting } from '../storage/settings';

export interface DeviceFacts {
  symptoms: Choice[];
  purposes: Choice[];
  /** Kinds of passes that freight and supplies carry. */
  passClasses: Choice[];
  ruleSet: string | null;
  /** Server's clock minus the phone's; null until the server was asked once. */
  clockOffsetMs: number | null;
  readAt: number | null;
}

const KEY = 'deviceFacts';
/** From here on the officer is told that the phone's clock is wrong. */
const NOTABLE_SKEW_MS = 5 * 60_000;
/** As the server sees clocks (checkpoints/intake/moments.py): near enough up to a minute, believed back to here and ahead to there. */
const NEAR_ENOUGH_MS = 60_000;
const OLDEST_MS = 30 * 86_400_000;
const AHEAD_MS = 15 * 60_000;

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

export async function keepFacts(answer: DeviceAnswer, askedAt: number, answeredAt: number): Promise<void> {
  Object.assign(facts, {
    symptoms: answer.symptoms,
    purposes: answer.purposes,
    passClasses: answer.pass_classes ?? [],
    ruleSet: answer.rule_set,
    clockOffsetMs: Math.round(Date.parse(answer.server_time) - (askedAt + answeredAt) / 2),
    readAt: answeredAt,
  } satisfies DeviceFacts);
  await writeSetting(KEY, facts);
}

/** For the parcel's envelope: nothing when the server's clock was never seen. */
export function clockOffset(): { clock_offset_ms?: number } {
  return facts.clockOffsetMs === null ? {} : { clock_offset_ms: facts.clockOffsetMs };
}

/** The server's clock as far as this phone knows it: what ends by the server's day ends by this. */
export function serverNow(): number {
  return Date.now() + (facts.clockOffsetMs ?? 0);
}

/** When something really happened that happened then by this phone's clock: the rules of that moment decide. */
export function setRight(at: number): number {
  const offset = facts.clockOffsetMs ?? 0;
  return Math.abs(offset) < NEAR_ENOUGH_MS ? at : at + offset;
}

/** The moment on whose day it counts: as told, but for a clock that the server does not believe. */
export function countedAt(at: number): number {
  const offset = facts.clockOffsetMs ?? 0;
  return offset > OLDEST_MS || offset < -AHEAD_MS ? at + offset : at;
}

/** Minutes the phone is ahead (positive) or behind, or 0 while that hardly matters. */
export function minutesAhead(): number {
  const offset = facts.clockOffsetMs ?? 0;
  return Math.abs(offset) < NOTABLE_SKEW_MS ? 0 : Math.round(-offset / 60_000);
}
