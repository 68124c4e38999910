/** The officer's outbox, emptied by `emptying` and `sender`. */
import { postParcel } from '../api/requests';
import { clockOffset } from '../device/facts';
import { readEnrolment } from '../device/enrolment';
import { nextNumber } from '../storage/settings';
import { Emptying } from './emptying';
import { holdRecordsOf } from './held';
import { link } from './link';
import { forgetSettled } from './retention';
import { Sender, type Step } from './sender';
import { forgetPauses } from './store';

let afterDrained: () => void = () => undefined;

async function currentToken(): Promise<string | null> {
  return (await readEnrolment())?.token ?? null;
}

/** What a closed device captured is held, whoever enrols this phone next. */
async function noteRefused({ kind, token }: Extract<Step, { token: string }>): Promise<void> {
  const enrolled = await readEnrolment();
  if (kind === 'REVOKED' && enrolled?.token === token) await holdRecordsOf(enrolled.deviceId);
}

const sender = new Sender({
  token: currentToken,
  post: postParcel,
  envelope: async () => ({ ...clockOffset(), device_seq: await nextNumber('parcelSeq') }),
  now: Date.now,
  random: Math.random,
});

const emptying = new Emptying({
  lock: 'lianfang-outbox',
  link,
  step: () => sender.step(),
  token: currentToken,
  onRefused: noteRefused,
  tidy: forgetSettled,
  forgetPauses,
  onDrained: () => afterDrained(),
});

/** Empty the outbox now if the server allows it. Safe to call at any time and from several tabs. */
export const dispatch = (): Promise<void> => emptying.dispatch();

/** The officer asks: postponed records too. */
export const sendNow = (): Promise<void> => emptying.sendNow();

/** After a new enrolment the gate opens again. */
export const reopen = (): Promise<void> => emptying.reopen();

export const dispatchOnEvents = (): void => emptying.onEvents();

/** What follows when everything that could be sent has been. */
export function onDrained(act: () => void): void {
  afterDrained = act;
}
