/** When the outbox is emptied: after each record, on return of the network or the screen, and by itself after each pause. */
import { postParcel } from '../api/requests';
import { clockOffset } from '../device/facts';
import { readEnrolment } from '../device/enrolment';
import { nextNumber } from '../storage/settings';
import { isOver, type Pause } from './backoff';
import { holdRecordsOf } from './held';
import { link } from './link';
import { forgetSettled } from './retention';
import { Sender, type Step } from './sender';
import { forgetPauses } from './store';

const LOCK = 'lianfang-outbox';
const OWN_FAILURE_PAUSE_MS = 30_000;

const sender = new Sender({
  token: currentToken,
  post: postParcel,
  envelope: async () => ({ ...clockOffset(), device_seq: await nextNumber('parcelSeq') }),
  now: Date.now,
  random: Math.random,
});

let timer: ReturnType<typeof setTimeout> | undefined;
let running = false;
let asked = false;
/** What the server asked for itself (429, 503); until it is over nothing is sent, whatever happens on this phone. */
let askedPause: Pause = { from: 0, until: 0 };
/** The token the server refused; any other opens the gate, wherever on this phone it was obtained. */
let refusedToken: string | null = null;
let afterDrained: () => void = () => undefined;

/** Empty the outbox now if the server allows it. Safe to call at any time and from several tabs. */
export async function dispatch(): Promise<void> {
  asked = true;
  if (!(await gateIsOpen()) || running) return;
  if (!isOver(askedPause, Date.now())) return wakeAt(askedPause.until);
  running = true;
  link.sending = true;
  try {
    // Whoever asked while the last record was settled is not forgotten.
    do await drain();
    while (asked);
  } finally {
    running = false;
    link.sending = false;
  }
}

async function currentToken(): Promise<string | null> {
  return (await readEnrolment())?.token ?? null;
}

async function gateIsOpen(): Promise<boolean> {
  if (link.gate !== 'OPEN' && (await currentToken()) !== refusedToken) link.gate = 'OPEN';
  return link.gate === 'OPEN';
}

async function drain(): Promise<void> {
  clearTimeout(timer);
  link.nextTryAt = null;
  let sent = false;
  while (asked) {
    asked = false;
    const step = await withOneSender(unfailing);
    sent ||= step.kind === 'SENT';
    if (step.kind === 'ENROL_AGAIN' || step.kind === 'REVOKED') await noteRefused(step);
    if (follow(step)) asked = true;
    else if (step.kind !== 'EMPTY') asked = false;
  }
  await forgetSettled(Date.now());
  if (sent) afterDrained();
}

/** A step that fails on this phone itself (storage full, a database closing) is tried again like any other. */
async function unfailing(): Promise<Step> {
  try {
    return await sender.step();
  } catch {
    return { kind: 'RETRY', waitMs: OWN_FAILURE_PAUSE_MS, reached: link.reached, binding: false, error: null };
  }
}

/** The gate stays shut for this token. What a closed device captured is held, whoever enrols this phone next. */
async function noteRefused({ kind, token }: Extract<Step, { token: string }>): Promise<void> {
  refusedToken = token;
  const enrolled = await readEnrolment();
  if (kind === 'REVOKED' && enrolled?.token === token) await holdRecordsOf(enrolled.deviceId);
}

/** Note what a step came to; true when the next may follow at once. */
function follow(step: Step): boolean {
  if (step.kind === 'SENT') {
    Object.assign(link, { reached: true, lastError: null });
    return true;
  }
  if (step.kind === 'EMPTY') {
    if (step.waitMs !== null) wakeAt(Date.now() + step.waitMs);
    return false;
  }
  if (step.kind === 'RETRY') return followRetry(step);
  if ('token' in step) Object.assign(link, { reached: true, gate: step.kind });
  return false;
}

function followRetry(step: Extract<Step, { kind: 'RETRY' }>): boolean {
  Object.assign(link, { reached: step.reached, lastError: step.error });
  if (step.waitMs === 0) return true;
  const from = Date.now();
  if (step.binding) askedPause = { from, until: from + step.waitMs };
  wakeAt(from + step.waitMs);
  return false;
}

function wakeAt(at: number): void {
  clearTimeout(timer);
  link.nextTryAt = at;
  timer = setTimeout(() => void dispatch(), Math.max(0, at - Date.now()));
}

/** One sender across all tabs; browsers without locks rely on the server taking the same record twice as one. */
async function withOneSender(act: () => Promise<Step>): Promise<Step> {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  return locks ? await locks.request(LOCK, act) : await act();
}

/** The officer asks: postponed records too. */
export async function sendNow(): Promise<void> {
  await forgetPauses();
  await dispatch();
}

/** After a new enrolment the gate opens again. */
export async function reopen(): Promise<void> {
  link.gate = 'OPEN';
  askedPause = { from: 0, until: 0 };
  await sendNow();
}

/** What follows when everything that could be sent has been. */
export function onDrained(act: () => void): void {
  afterDrained = act;
}

export function dispatchOnEvents(): void {
  addEventListener('online', () => void dispatch());
  addEventListener('offline', () => (link.reached = false));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void dispatch();
  });
  void dispatch();
}
