/** What must stand before the first screen, and what may follow it. */
import { loadEnrolment } from './device/enrolment';
import { followClock } from './device/daylight';
import { loadFacts, refreshFactsOnEvents } from './device/facts';
import { loadPreferences } from './device/preferences';
import { loadRecent } from './device/recent';
import { keepProgramOffline } from './device/update';
import { loadUnfinished } from './form/emergency';
import { followLatest } from './form/latest';
import { loadDesk } from './form/session';
import { followLate } from './measures/late';
import { followCounts } from './outbox/counts';
import { dispatchOnEvents } from './outbox/dispatch';
import { loadRegister } from './regions/register';
import { followRules, loadRules } from './screening/rules';

export type Readiness = 'READY' | 'INSECURE' | 'NO_STORAGE';

/** Everything the form needs is on the phone; nothing here waits for the network. */
export async function prepare(): Promise<Readiness> {
  if (!window.isSecureContext) return 'INSECURE';
  try {
    await Promise.all([loadEnrolment(), loadFacts(), loadPreferences(), loadRecent(), loadRules(), loadUnfinished(Date.now())]);
  } catch {
    return 'NO_STORAGE';
  }
  loadDesk();
  return 'READY';
}

/** Once the form stands: send what waits, learn what is new, keep the program and the register for later. */
export function followUp(): void {
  followClock();
  followCounts();
  followLate();
  followLatest();
  dispatchOnEvents();
  refreshFactsOnEvents();
  followRules();
  keepProgramOffline();
  setTimeout(() => void loadRegister(), 500);
}
