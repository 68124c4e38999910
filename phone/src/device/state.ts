/** Telling the server how this phone is, and learning from its answer: at start, after a drained outbox, every minute while somebody looks. */
import { putDeviceState } from '../api/requests';
import type { DeviceAnswer } from '../api/device';
import type { DeviceState, OutboxKey } from '../api/device';
import { oldestUnsentAt } from '../outbox/byState';
import { countNow } from '../outbox/counts';
import { dispatch, onDrained } from '../outbox/dispatch';
import { holdRecordsOf, releaseRecordsOf } from '../outbox/held';
import { link } from '../outbox/link';
import { isUsable } from '../outbox/sealing';
import { sealStored } from '../outbox/sealStored';
import { noteClockInsTaken, queuedClockIns } from './clockIns';
import { keepEnrolment, readEnrolment, type Enrolment } from './enrolment';
import { clockOffset, facts, keepFacts } from './facts';
import { batteryPercent, readRoom } from './health';
import { preferences } from './preferences';
import { keepReadingKeys } from './readingKeys';
import { finishWipe, heedWipe, wipeProgress } from './wipe';

const EVERY_MS = 60_000;
/** Cars that are acknowledged one by one do not each bring a report along. */
const AFTER_DRAINED_MS = 10_000;

let running: Promise<void> | null = null;
let soon: ReturnType<typeof setTimeout> | undefined;

/** Report and learn. Whoever asks while a report is under way waits for that one. */
export function reportState(): Promise<void> {
  running ??= report().finally(() => (running = null));
  return running;
}

async function report(): Promise<void> {
  const known = await readEnrolment();
  if (!known) return;
  const state = await currentState(Date.now());
  const askedAt = Date.now();
  const reply = await putDeviceState(known.token, state);
  link.reached = reply.kind !== 'UNREACHABLE';
  if (reply.kind === 'REFUSED') return refused(known, reply.status, reply.error.code);
  if (reply.kind !== 'OK' || reply.body.device_id !== known.deviceId) return;
  await noteClockInsTaken(state.clock_ins ?? []);
  await learn(known, reply.body, { askedAt, answeredAt: Date.now(), wiped: state.wiped === true });
}

/** What is not known is left out. Records that only an export can move count as set aside: a person must see to both. */
export async function currentState(now: number): Promise<DeviceState> {
  const counted = await countNow(now);
  const oldest = await oldestUnsentAt();
  const [battery, room, clockIns] = [await batteryPercent(), await readRoom(), await queuedClockIns()];
  return {
    unsent: counted.UNSENT,
    set_aside: counted.SET_ASIDE + counted.HELD,
    ...(oldest !== null && { oldest_unsent_at: new Date(oldest).toISOString() }),
    ...clockOffset(),
    ...(battery !== null && { battery_percent: battery }),
    ...(room !== null && { storage_free_mb: room }),
    program: __PHONE_VERSION__,
    ...(facts.ruleSet && { rules: facts.ruleSet }),
    lane: preferences.lane,
    ...(preferences.officer && { officer: preferences.officer }),
    ...(clockIns.length && { clock_ins: clockIns }),
    ...(wipeProgress(counted.UNSENT) === 'DONE' && { wiped: true as const }),
  };
}

async function refused(known: Enrolment, status: number, code: string): Promise<void> {
  const isOwnWord = !code.startsWith('HTTP_');
  if (!isOwnWord || (status !== 401 && status !== 403)) return;
  link.gate = status === 401 ? 'ENROL_AGAIN' : 'REVOKED';
  if (status === 403) await holdRecordsOf(known.deviceId);
  await finishWipe();
}

interface Asked {
  askedAt: number;
  answeredAt: number;
  /** This phone said that it has forgotten everything. */
  wiped: boolean;
}

async function learn(known: Enrolment, answer: DeviceAnswer, { askedAt, answeredAt, wiped }: Asked): Promise<void> {
  await keepWhatChanged(known, answer);
  await releaseRecordsOf(known.deviceId);
  await sealStored().catch(() => undefined);
  if (wiped) return finishWipe();
  if (await heedWipe(answer.wipe ?? null)) return;
  await keepFacts(answer, askedAt, answeredAt);
  await keepReadingKeys(answer.reading_keys ?? [], Date.parse(answer.server_time));
  if (link.gate === 'OPEN') return;
  link.gate = 'OPEN';
  void dispatch();
}

async function keepWhatChanged(known: Enrolment, answer: DeviceAnswer): Promise<void> {
  const outboxKey = await newestKey(answer.outbox_key, known.outboxKey ?? null);
  const now = await readEnrolment();
  if (now?.token === known.token) await keepEnrolment({ ...now, checkpoint: answer.checkpoint, expiresAt: answer.expires_at, outboxKey });
}

async function newestKey(given: OutboxKey, kept: OutboxKey | null): Promise<OutboxKey | null> {
  return (await isUsable(given)) ? given : kept;
}

function reportSoon(): void {
  soon ??= setTimeout(() => {
    soon = undefined;
    void reportState();
  }, AFTER_DRAINED_MS);
}

function ifSeen(): void {
  if (document.visibilityState === 'visible' && navigator.onLine) void reportState();
}

export function reportStateOnEvents(): void {
  onDrained(reportSoon);
  addEventListener('online', ifSeen);
  document.addEventListener('visibilitychange', ifSeen);
  setInterval(ifSeen, EVERY_MS);
  void reportState();
}
