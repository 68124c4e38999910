/** When the outbox is emptied: after each record, on return of the network or the screen, and by itself after each pause. */
import { postParcel } from '../api/requests';
import { clockOffset } from '../device/facts';
import { readEnrolment } from '../device/enrolment';
import { nextNumber } from '../storage/settings';
import { link } from './link';
import { forgetSettled } from './retention';
import { Sender, type Step } from './sender';
import { forgetPauses } from './store';

const LOCK = 'lianfang-outbox';

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
/** A moment the server named itself (429, 503); until then nothing is sent, whatever happens on this phone. */
let notBefore = 0;
/** The token the server refused; any other opens the gate, wherever on this phone it was obtained. */
let refusedToken: string | null = null;

/** Empty the outbox now if the server allows it. Safe to call at any time and from several tabs. */
export async function dispatch(): Promise<void> {
  asked = true;
  if (!(await gateIsOpen()) || running) return;
  if (Date.now() < notBefore) return wakeAt(notBefore);
  running = true;
  link.sending = true;
  try {
    await drain();
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
  while (asked) {
    asked = false;
    const step = await withOneSender(() => sender.step());
    if (step.kind === 'ENROL_AGAIN' || step.kind === 'REVOKED') refusedToken = await currentToken();
    if (follow(step)) asked = true;
    else if (step.kind !== 'EMPTY') asked = false;
  }
  await forgetSettled(Date.now());
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
  if (step.kind !== 'NO_ENROLMENT') Object.assign(link, { reached: true, gate: step.kind });
  return false;
}

function followRetry(step: Extract<Step, { kind: 'RETRY' }>): boolean {
  Object.assign(link, { reached: step.reached, lastError: step.error });
  if (step.waitMs === 0) return true;
  const at = Date.now() + step.waitMs;
  if (step.binding) notBefore = at;
  wakeAt(at);
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
  notBefore = 0;
  await sendNow();
}

export function dispatchOnEvents(): void {
  addEventListener('online', () => void dispatch());
  addEventListener('offline', () => (link.reached = false));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void dispatch();
  });
  void dispatch();
}
