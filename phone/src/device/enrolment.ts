/** Which checkpoint this phone belongs to, and the token that says so. */
import { shallowRef } from 'vue';
import type { Reply } from '../api/client';
import type { Checkpoint, EnrolmentAnswer } from '../api/device';
import type { OutboxKey } from '../api/device';
import { enrol, readDevice } from '../api/requests';
import { holdRecordsOf } from '../outbox/held';
import { isUsable } from '../outbox/sealing';
import { changeSetting, dropSetting, readSetting, writeSetting } from '../storage/settings';

export interface Enrolment {
  token: string;
  deviceId: string;
  checkpoint: Checkpoint;
  expiresAt: string;
  /** What the outbox is sealed to; missing until the server gave one. */
  outboxKey?: OutboxKey | null;
}

const KEY = 'enrolment';
/** Which checkpoint each device was at that this phone has been, for the export of what it still holds. */
const PLACES = 'deviceCheckpoints';

/** Null until the phone is enrolled. The token itself is read from storage when it is used: another tab may have a newer one. */
export const enrolment = shallowRef<Enrolment | null>(null);

export function readEnrolment(): Promise<Enrolment | null> {
  return readSetting<Enrolment>(KEY);
}

export async function loadEnrolment(): Promise<void> {
  enrolment.value = await readEnrolment();
}

export async function keepEnrolment(next: Enrolment): Promise<void> {
  await writeSetting(KEY, next);
  await changeSetting<Record<string, string>>(PLACES, (known) => ({ ...known, [next.deviceId]: next.checkpoint.code }));
  enrolment.value = next;
}

export async function checkpointOf(deviceId: string): Promise<string> {
  return (await readSetting<Record<string, string>>(PLACES))?.[deviceId] ?? '';
}

export async function dropEnrolment(): Promise<void> {
  await dropSetting(KEY);
  enrolment.value = null;
}

/** Trade a one-time code for a token. The reply is handed on for its error sentence; records already kept stay. */
export async function enrolWith(code: string, deviceName: string): Promise<Reply<EnrolmentAnswer>> {
  const before = await readEnrolment();
  const reply = await enrol(code.trim(), deviceName.trim(), before?.token);
  if (reply.kind === 'OK') {
    const { token, device_id, checkpoint, expires_at, outbox_key } = reply.body;
    if (before && before.deviceId !== device_id) await holdIfClosed(before);
    const outboxKey = (await isUsable(outbox_key)) ? outbox_key : null;
    await keepEnrolment({ token, deviceId: device_id, checkpoint, expiresAt: expires_at, outboxKey });
  }
  return reply;
}

/** Another device now: what the former one captured goes too, unless the server says that it was revoked. */
async function holdIfClosed(before: Enrolment): Promise<void> {
  const reply = await readDevice(before.token);
  if (reply.kind === 'REFUSED' && reply.status === 403) await holdRecordsOf(before.deviceId);
}

/** The code in the enrolment link (…/phone/#enrol=CODE), taken out of the address so that no history keeps it. */
export function takeCodeFromAddress(): string | null {
  const match = /^#enrol=(.+)$/.exec(location.hash);
  if (!match?.[1]) return null;
  history.replaceState(history.state, '', `${location.pathname}#/enrol`);
  return decodeURIComponent(match[1]);
}
