/**
 * Headquarters asks this phone to forget: everything goes but the sealed records the server has not acknowledged (unless they are to
 * go too). They are sent, then the token goes. Every step can be repeated, so a phone switched off in the middle goes on at its next start.
 */
import { liveQuery } from 'dexie';
import { shallowRef } from 'vue';
import type { WipeOrder } from '../api/device';
import { forgetClear } from '../outbox/readable';
import { database } from '../storage/database';
import { dropSetting, readSetting, writeSetting } from '../storage/settings';
import { dropEnrolment } from './enrolment';
import type { Preferences } from './preferences';

export interface Wipe {
  order: WipeOrder;
  /** The server knows that it is done, and the token is gone. */
  reported: boolean;
}

const KEY = 'wipe';
/** Nobody's data, and what sending the rest still needs. */
const KEPT_SETTINGS = new Set([KEY, 'enrolment', 'outboxSeq', 'parcelSeq', 'closedDevices', 'deviceCheckpoints', 'preferences']);
const KEPT_TABLES = new Set(['outbox', 'settings']);

/** Null on a phone that nobody asked to forget. */
export const wipe = shallowRef<Wipe | null>(null);

export async function loadWipe(): Promise<void> {
  wipe.value = await readSetting<Wipe>(KEY);
  if (wipe.value) await dropAll(wipe.value.order);
}

/** Whether this phone is being wiped, and has nothing left that it could send. */
export function wipeProgress(unsent: number): 'NONE' | 'SENDING' | 'DONE' {
  if (!wipe.value || wipe.value.reported) return 'NONE';
  return unsent ? 'SENDING' : 'DONE';
}

/** Follow what the server's answer says; true when nothing else in it is to be kept. */
export async function heedWipe(order: WipeOrder | null): Promise<boolean> {
  const known = wipe.value?.order;
  if (!order && !known) return false;
  if (!order) await withdrawWipe();
  else if (order.asked_at !== known?.asked_at || order.outbox !== known.outbox) await begin(order);
  return true;
}

async function begin(order: WipeOrder): Promise<void> {
  await writeSetting<Wipe>(KEY, { order, reported: false });
  await dropAll(order);
  startAfresh();
}

/** The server knows, or will never listen to this token again. What is left on the phone leaves by export. */
export async function finishWipe(): Promise<void> {
  if (!wipe.value) return;
  wipe.value = { ...wipe.value, reported: true };
  await writeSetting<Wipe>(KEY, wipe.value);
  await dropEnrolment();
  await dropAll(wipe.value.order);
}

/** Headquarters thought better of it, or the phone was enrolled anew. */
export async function withdrawWipe(): Promise<void> {
  await dropSetting(KEY);
  wipe.value = null;
}

async function dropAll(order: WipeOrder): Promise<void> {
  forgetClear();
  globalThis.sessionStorage?.clear();
  globalThis.localStorage?.clear();
  await database.transaction('rw', database.tables, async () => {
    for (const table of database.tables) if (!KEPT_TABLES.has(table.name)) await table.clear();
    await database.settings.filter(({ key }) => !KEPT_SETTINGS.has(key)).delete();
    await keepOnlyLooks();
    if (order.outbox === 'DROP') await database.outbox.clear();
    else await database.outbox.filter(({ state }) => state === 'ACKNOWLEDGED' || state === 'CONFLICT').delete();
    await database.outbox.filter(({ told }) => told !== undefined).modify({ told: undefined });
  });
}

async function keepOnlyLooks(): Promise<void> {
  const chosen = await readSetting<Preferences>('preferences');
  if (chosen) await writeSetting('preferences', { language: chosen.language, theme: chosen.theme });
}

/** What the program still holds in memory goes with the page. */
function startAfresh(): void {
  globalThis.location?.reload();
}

/** Other tabs forget too. */
export function followWipe(): void {
  liveQuery(() => readSetting<Wipe>(KEY)).subscribe((now) => {
    if (now && !wipe.value) startAfresh();
    else wipe.value = now;
  });
}
