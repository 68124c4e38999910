/** What the phone itself knows of its battery and its room. Browsers that do not say leave the figure out. */
import { ref } from 'vue';

const MB = 1024 * 1024;
/** Below this the officer is told, long before a record cannot be written. */
const LITTLE_ROOM_MB = 50;
const EVERY_MS = 60_000;

/** Megabytes this page may still write; null while unknown. */
export const freeMb = ref<number | null>(null);

export async function readRoom(): Promise<number | null> {
  const estimate = await globalThis.navigator?.storage?.estimate?.().catch(() => null);
  const { quota, usage } = estimate ?? {};
  freeMb.value = quota === undefined || usage === undefined ? null : Math.max(0, Math.floor((quota - usage) / MB));
  return freeMb.value;
}

export function hasLittleRoom(free: number | null): boolean {
  return free !== null && free < LITTLE_ROOM_MB;
}

interface WithBattery {
  getBattery?: () => Promise<{ level: number }>;
}

export async function batteryPercent(): Promise<number | null> {
  const battery = await (globalThis.navigator as WithBattery | undefined)?.getBattery?.().catch(() => null);
  return battery ? Math.round(battery.level * 100) : null;
}

/** Read now and again also without network: the shift that fills the phone is the one that cannot send. */
export function followRoom(): void {
  setInterval(() => void readRoom(), EVERY_MS);
  void readRoom();
}
