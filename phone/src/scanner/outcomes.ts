/** What was read last, from wherever it came, and what follows from it on the screen. */
import { shallowRef } from 'vue';
import { openRoster } from '../rosters/open';
import { go } from '../screens/route';
import { phonePorts } from './phonePorts';
import { Receiver, type Outcome } from './receive';
import { scanning } from './scanning';

const SAID_MS = 6_000;
const REFUSED_MS = 12_000;
const GOOD: readonly Outcome['kind'][] = ['FILLED', 'PERSON', 'PLATE'];

export const outcome = shallowRef<Outcome | null>(null);
const receiver = new Receiver(phonePorts);
let fading: ReturnType<typeof setTimeout> | undefined;

/** A text from the camera, a gun or a card reader; false when it means nothing here. */
export async function take(text: string): Promise<boolean> {
  const read = await receiver.receive(text);
  settle(read);
  return !(read.kind === 'REFUSED' && read.why === 'UNKNOWN');
}

export async function takeShortCode(code: string): Promise<void> {
  settle(await receiver.receiveShortCode(code));
}

export async function useAgain(): Promise<void> {
  if (outcome.value?.kind === 'USED') settle(await outcome.value.goOn());
}

export function dismiss(): void {
  clearTimeout(fading);
  outcome.value = null;
  scanning.hasSaid = false;
}

/** A tap puts away what only told something; questions have buttons. */
export function tapNote(): void {
  if (outcome.value?.kind !== 'USED' && outcome.value?.kind !== 'ENROLMENT') dismiss();
}

export function closePanel(): void {
  receiver.forgetParts();
  scanning.panel = null;
  if (outcome.value && !GOOD.includes(outcome.value.kind)) dismiss();
}

export function enrolWith(code: string): void {
  closePanel();
  dismiss();
  location.hash = `#enrol=${encodeURIComponent(code)}`;
}

/** What is done closes the scanner by itself; questions and refusals wait for the officer. */
function settle(read: Outcome): void {
  vibrateFor(read);
  if (read.kind === 'ROSTER') return followRoster(read.code);
  clearTimeout(fading);
  outcome.value = read;
  scanning.hasSaid = true;
  if (GOOD.includes(read.kind)) {
    closePanel();
    go('register');
    fading = setTimeout(dismiss, SAID_MS);
  } else if (read.kind === 'REFUSED' && !scanning.panel) fading = setTimeout(dismiss, REFUSED_MS);
}

function followRoster(code: string): void {
  closePanel();
  dismiss();
  openRoster(code);
}

function vibrateFor(read: Outcome): void {
  if (read.kind === 'PART') navigator.vibrate?.(30);
  else navigator.vibrate?.(GOOD.includes(read.kind) || read.kind === 'ROSTER' ? 90 : [40, 80, 40]);
}
