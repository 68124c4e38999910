/** A new version of the program waits until the officer has nothing half typed and takes it; the outbox is not touched. */
import { ref } from 'vue';
import { registerSW } from 'virtual:pwa-register';

export const updateReady = ref(false);
export const offlineReady = ref(false);

let apply: ((reload?: boolean) => Promise<void>) | undefined;

/** The offline program needs a trusted address; without one the page still works online and says so in the settings. */
export function keepProgramOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  apply = registerSW({
    onNeedRefresh: () => (updateReady.value = true),
    onOfflineReady: () => (offlineReady.value = true),
    onRegisteredSW: (_url, registration) => (offlineReady.value ||= Boolean(registration?.active)),
  });
}

export async function takeUpdate(): Promise<void> {
  await apply?.(true);
}
