/** Ask the browser not to clear the outbox when the phone runs out of space. */
import { ref } from 'vue';
import { enrolment } from './enrolment';

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

/** Asked again at every start of an enrolled phone: browsers say yes only once they know the page. */
export async function keepPersistent(): Promise<void> {
  await readPersistence();
  if (persistence.value === 'UNKNOWN' && enrolment.value) await askForPersistence();
}
