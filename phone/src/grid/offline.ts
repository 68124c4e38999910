/** The program without network. A new version is taken when the page is put away while no list is open and nothing is half typed. */
import { ref } from 'vue';
import { stage } from './session';

export const offlineReady = ref(false);
const LOOK_AGAIN_MS = 3_600_000;

let registered: ServiceWorkerRegistration | undefined;
let taking = false;

export async function keepProgramOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => taking && location.reload());
  try {
    registered = await navigator.serviceWorker.register('/grid/sw.js', { scope: '/grid/' });
  } catch {
    return;
  }
  // Some browsers inside other programs promise a registration and give none.
  if (!registered) return;
  follow(registered);
  setInterval(() => void registered?.update().catch(() => undefined), LOOK_AGAIN_MS);
  document.addEventListener('visibilitychange', takeWhatWaits);
}

function follow(registration: ServiceWorkerRegistration): void {
  offlineReady.value = Boolean(registration.active);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'activated') offlineReady.value = true;
    });
  });
}

function takeWhatWaits(): void {
  const waiting = registered?.waiting;
  const isTyping = [...document.querySelectorAll('input')].some(({ value }) => value !== '');
  if (!waiting || stage.value === 'OPEN' || isTyping || document.visibilityState !== 'hidden') return;
  taking = true;
  waiting.postMessage({ type: 'SKIP_WAITING' });
}
