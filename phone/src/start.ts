/** What must stand before the first screen, and what may follow it. */
import { loadEnrolment } from './device/enrolment';
import { followClock } from './device/daylight';
import { loadFacts } from './device/facts';
import { followRoom } from './device/health';
import { keepPersistent } from './device/persistence';
import { loadPreferences } from './device/preferences';
import { forgetExpiredKeysHourly } from './device/readingKeys';
import { loadRecent } from './device/recent';
import { reportStateOnEvents } from './device/state';
import { keepProgramOffline } from './device/update';
import { followWipe, loadWipe, wipe } from './device/wipe';
import { followDisagreements } from './disagreements/disagreements';
import { loadUnfinished } from './form/emergency';
import { followLatest } from './form/latest';
import { loadDesk } from './form/session';
import { followLate } from './measures/late';
import { followCounts } from './outbox/counts';
import { dispatchOnEvents } from './outbox/dispatch';
import { forgetWhenLocked } from './outbox/readable';
import { sealStored } from './outbox/sealStored';
import { loadRegister } from './regions/register';
import { followRules, loadRules } from './screening/rules';
import { followShift, loadShift, lookAtTheClock } from './shift/shift';

export type Readiness = 'READY' | 'INSECURE' | 'NO_STORAGE';

/** Everything the form needs is on the phone; nothing here waits for the network. */
export async function prepare(): Promise<Readiness> {
  if (!window.isSecureContext) return 'INSECURE';
  try {
    await loadWipe();
    await Promise.all([loadEnrolment(), loadFacts(), loadPreferences(), loadRecent(), loadRules(), loadShift(), loadUnfinished(Date.now())]);
  } catch {
    return 'NO_STORAGE';
  }
  loadDesk();
  await lookAtTheClock(Date.now());
  return 'READY';
}

/** Once the form stands: send what waits, learn what is new, forget what is over, keep the program and the register for later. */
export function followUp(): void {
  followClock();
  followCounts();
  followShift();
  followLate();
  followDisagreements();
  followLatest();
  followWipe();
  forgetWhenLocked();
  forgetExpiredKeysHourly();
  void sealStored().catch(() => undefined);
  dispatchOnEvents();
  reportStateOnEvents();
  followRules();
  followRoom();
  void import('./scanner/readers').then(({ listenForReaders }) => listenForReaders()).catch(() => undefined);
  void keepPersistent();
  void keepProgramOffline();
  if (!wipe.value) setTimeout(() => void loadRegister(), 500);
}
