/**
 * The last records of this page in the clear, in memory only, so that they can be looked at, mended and corrected.
 * They are gone when the screen locks: the page hidden for a minute, or left.
 */
import { shallowReactive } from 'vue';
import { itemId, type ParcelItem } from '../api/contract';

const KEPT = 20;
export const LOCKED_AFTER_MS = 60_000;

const clear = shallowReactive(new Map<string, ParcelItem>());

/** The record as it was typed, or null when only its sealed form is left. */
export function readable(id: string): ParcelItem | null {
  return clear.get(id) ?? null;
}

export function rememberClear(item: ParcelItem): void {
  clear.delete(itemId(item));
  clear.set(itemId(item), item);
  for (const oldest of clear.keys()) {
    if (clear.size <= KEPT) return;
    clear.delete(oldest);
  }
}

export function forgetClear(): void {
  clear.clear();
}

/** A page that slept through its minute forgets on waking, before anything is shown. */
export function forgetWhenLocked(): void {
  let hiddenAt: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.visibilityState === 'visible') {
      if (hiddenAt !== null && hasBeenLong(hiddenAt, Date.now())) forgetClear();
      hiddenAt = null;
      return;
    }
    hiddenAt = Date.now();
    timer = setTimeout(forgetClear, LOCKED_AFTER_MS);
  });
  addEventListener('pagehide', forgetClear);
}

/** A clock that was set back meanwhile counts as long. */
function hasBeenLong(since: number, now: number): boolean {
  return now - since >= LOCKED_AFTER_MS || now < since;
}
