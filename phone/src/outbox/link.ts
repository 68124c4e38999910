/** How the phone stands with the server, for the status line and the outbox page. */
import { reactive } from 'vue';
import type { WireError } from '../api/contract';

export interface Link {
  /** Whether the server answered the last time it was asked. */
  reached: boolean;
  /** Sending waits for a person: enrol again, or ask headquarters. */
  gate: 'OPEN' | 'ENROL_AGAIN' | 'REVOKED';
  sending: boolean;
  nextTryAt: number | null;
  lastError: WireError | null;
}

export function newLink(): Link {
  return reactive<Link>({ reached: globalThis.navigator?.onLine ?? false, gate: 'OPEN', sending: false, nextTryAt: null, lastError: null });
}

export const link = newLink();

/** What becomes of a record that was just saved, in the words of the form. */
export function savedWord({ answered = true } = {}): 'act.savedOnline' | 'act.savedOffline' | 'sealed.savedHeld' {
  if (link.gate === 'REVOKED') return 'sealed.savedHeld';
  return link.reached && answered ? 'act.savedOnline' : 'act.savedOffline';
}
