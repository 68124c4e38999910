/** A grid worker's page: /grid/. It starts without network, keeps its lists sealed, and sends what was said at the doors by itself. */
import '../styles/tokens.css';
import '../styles/page.css';
import '../styles/controls.css';
import '../styles/measures.css';
import './grid.css';
import './opening.css';
import './doors.css';
import './door.css';
import './observed.css';
import { createApp, h, ref, watch, watchEffect } from 'vue';
import { followClock, hour, isDark } from '../device/daylight';
import { choices, loadChoices } from './choices';
import { loadClock } from './clock';
import { followCounts } from './counts';
import GridApp from './GridApp.vue';
import { speak, words } from './language';
import { followAnswers, refresh } from './lists';
import { keepProgramOffline } from './offline';
import { takeCode } from './phones';
import { loadPlaces } from './places';
import { followAddress } from './route';
import { onDrained, sendOnEvents } from './sending';
import { followSession, loadSession, stage } from './session';
import { followMinutes } from './today';

type Readiness = 'READY' | 'INSECURE' | 'NO_STORAGE';

async function prepare(): Promise<Readiness> {
  if (!window.isSecureContext || typeof crypto.subtle === 'undefined') return 'INSECURE';
  try {
    await loadChoices(navigator.language);
    await loadClock();
    await loadSession(Date.now());
  } catch {
    return 'NO_STORAGE';
  }
  return 'READY';
}

function follow(): void {
  followClock();
  followMinutes();
  followCounts();
  followAnswers();
  followSession();
  onDrained(() => void refresh());
  sendOnEvents();
  void keepProgramOffline();
  void navigator.storage?.persist?.();
  // The register of places is large: it comes once somebody works, for the screen that needs it.
  watch(stage, (now) => now === 'OPEN' && setTimeout(() => void loadPlaces(), 2_000));
}

async function start(): Promise<void> {
  const code = ref(takeCode());
  const readiness = await prepare();
  followAddress(() => (code.value = takeCode() || code.value));
  watchEffect(() => {
    document.documentElement.dataset.theme = isDark(choices.theme, hour.value) ? 'dark' : 'light';
  });
  await speak(choices.language);
  watch(() => choices.language, (language) => void speak(language));
  createApp({ render: () => h(GridApp, { readiness, code: code.value, onUsed: () => (code.value = '') }) }).use(words).mount('#app');
  if (readiness === 'READY') follow();
}

void start();
