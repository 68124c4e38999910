/** Ask the browser not to clear the outbox when the phone runs out of space. */
import { ref } from 'vue';

export type Persistence = 'UNKNOWN' | 'GRANTED' | 'DENIED' | 'UNSUPPORTED';

export const persistence = ref<Persistence>('UNKNOWN');

export async function readPersistence(): Promise<void> {
  const persisted = await navigator.storage?.persisted?.();
  persistence.value = persisted === undefined ? 'UNSUPPORTED' : persisted ? 'GRANTED' : 'UNKNOWN';
}

export async function askForPersistence(): Promise<void> {
  const granted = await navigator.storage?.persist?.();
  persistence.value = granted === undefined ? 'UNSUPPORTED' : granted ? 'GRANTED' : 'DENIED';
}
