/**
 * A new version of the program waits until the officer has nothing half typed and takes it; the outbox is not touched.
 * Every version brings all of its parts along, named by their content, so a page loads its own or none. When another tab has taken
 * the update, the parts of this page are gone from the cache: it starts afresh as soon as nobody is typing in it.
 */
import { ref } from 'vue';
import { isEmpty } from '../form/session';

export const updateReady = ref(false);
export const offlineReady = ref(false);

const LOOK_AGAIN_MS = 3_600_000;

let registered: ServiceWorkerRegistration | undefined;
/** The program in the cache is no longer the one on this page. */
let isOutdated = false;
let taking = false;

/** The offline program needs a trusted address; without one the page still works online and says so in the settings. */
export async function keepProgramOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const isControlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener('controllerchange', () => isControlled && noteOtherProgram());
  addEventListener('vite:preloadError', () => (updateReady.value = true));
  document.addEventListener('visibilitychange', startAfreshIfIdle);
  try {
    registered = await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`, { scope: import.meta.env.BASE_URL });
  } catch {
    return;
  }
  // Some browsers inside other programs promise a registration and give none.
  if (!registered) return;
  follow(registered);
  setInterval(() => void registered?.update().catch(() => undefined), LOOK_AGAIN_MS);
}

function follow(registration: ServiceWorkerRegistration): void {
  offlineReady.value = Boolean(registration.active);
  updateReady.value ||= Boolean(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'activated') offlineReady.value = true;
      if (worker.state === 'installed' && registration.active) updateReady.value = true;
    });
  });
}

function noteOtherProgram(): void {
  if (taking) return location.reload();
  isOutdated = true;
  updateReady.value = true;
  startAfreshIfIdle();
}

/** On the way into the background or back: then nobody reads a measure or types. */
function startAfreshIfIdle(event?: Event): void {
  const isOnTheMove = event !== undefined || document.visibilityState === 'hidden';
  if (isOutdated && isEmpty.value && isOnTheMove) location.reload();
}

export async function takeUpdate(): Promise<void> {
  taking = true;
  const waiting = registered?.waiting;
  if (!waiting) return location.reload();
  waiting.postMessage({ type: 'SKIP_WAITING' });
}
