/** The checks, looked at again by themselves while the page is open. */
import { computed, onUnmounted, shallowRef } from 'vue';
import { askForPersistence } from '../device/persistence';
import { serverNow } from '../device/facts';
import { reportState } from '../device/state';
import { takeUpdate } from '../device/update';
import { sendNow } from '../outbox/dispatch';
import { loadRegister } from '../regions/register';
import { go } from '../screens/route';
import { refreshRules } from '../screening/rules';
import { tryCamera } from './camera';
import { checksOf, verdictOf, type Act, type Check } from './checks';
import { takeSnapshot } from './snapshot';

const AGAIN_MS = 5_000;

const ACTS: Record<Act, () => Promise<unknown> | void> = {
  TAKE_UPDATE: takeUpdate,
  REFRESH: () => Promise.all([reportState(), refreshRules({ evenIfFresh: true }), loadRegister()]),
  TRY_CAMERA: tryCamera,
  PERSIST: askForPersistence,
  ENROL: () => go('enrol'),
  SEND: sendNow,
};

export function useReadiness() {
  const checks = shallowRef<Check[]>([]);
  const verdict = computed(() => verdictOf(checks.value));

  async function look(): Promise<void> {
    checks.value = checksOf(await takeSnapshot(serverNow()));
  }

  async function act(what: Act): Promise<void> {
    await ACTS[what]();
    await look();
  }

  const again = setInterval(() => void look(), AGAIN_MS);
  onUnmounted(() => clearInterval(again));
  void look();
  void act('REFRESH');

  return { checks, verdict, act };
}
