/** Enrolled, opened with the PIN, locked, over, handed on: what the worker may see now. */
import { computed, ref } from 'vue';
import { liveQuery } from 'dexie';
import type { Bilingual } from '../api/contract';
import { noteTime, serverNow } from './clock';
import { closeLists, openLists, refresh, refusal, refused } from './lists';
import { forgetFormer, keepPhone, leavePhone, loadPhone, phone, readPhone } from './phones';
import { enrol, readDoors } from './requests';
import { reopen } from './sending';
import { eraseVault, hasVault, installVault, openVault, opened, prepareVault } from './vault';

/** A phone in the pocket between two doors stays open; one that was put down does not. */
export const LOCKED_AFTER_MS = 5 * 60_000;
const LOOK_EVERY_MS = 30_000;

/** Why there is nothing to open; null on a phone that was never enrolled, or has lists. */
export type Ended = 'EXPIRED' | 'REVOKED' | 'ERASED' | null;

export const ended = ref<Ended>(null);
export const vaultIsThere = ref(false);
export const stage = computed<'ENROL' | 'LOCKED' | 'OPEN'>(() => {
  if (!phone.value || !vaultIsThere.value) return 'ENROL';
  return opened.value ? 'OPEN' : 'LOCKED';
});

export type Told = { kind: 'OK' } | { kind: 'SAID'; say: Bilingual } | { kind: 'UNREACHABLE' } | { kind: 'WRONG'; left: number } | { kind: 'ERASED' };

/** The code is good once: everything slow is done before it is spent, and what comes of it is written in one transaction. */
export async function enrolWith(code: string, pin: string): Promise<Told> {
  const prepared = await prepareVault(pin);
  const reply = await enrol(code.trim(), pin);
  if (reply.kind === 'UNREACHABLE') return { kind: 'UNREACHABLE' };
  if (reply.kind === 'REFUSED') return { kind: 'SAID', say: reply.error };
  await installVault(prepared, () => keepPhone(reply.body, Date.now()));
  await loadPhone();
  refusal.value = null;
  ended.value = null;
  vaultIsThere.value = true;
  opened.value = { key: prepared.key, pin };
  void refresh().then(reopen);
  return { kind: 'OK' };
}

export async function unlock(pin: string): Promise<Told> {
  const opening = await openVault(pin);
  if (opening.kind === 'OPEN') {
    opened.value = { key: opening.key, pin };
    refusal.value = null;
    await openLists();
    void refresh();
    return { kind: 'OK' };
  }
  const say = await countedThere(pin);
  if (opening.kind === 'WRONG') return say ? { kind: 'SAID', say } : { kind: 'WRONG', left: opening.left };
  await end('ERASED');
  return say ? { kind: 'SAID', say } : { kind: 'ERASED' };
}

/** Also the server counts a wrong PIN, and tells whoever invited this phone of the fifth. Its sentence goes before ours. */
async function countedThere(pin: string): Promise<Bilingual | null> {
  const current = await readPhone();
  if (!current) return null;
  const reply = await readDoors(current.token, pin);
  if (reply.kind !== 'REFUSED' || !reply.error.zh) return null;
  if (reply.status !== 429) await refused(current, reply);
  return reply.error;
}

export function lock(): void {
  closeLists();
}

/** 换班、交机: nothing of the grid can be read here any more. What is sealed for the server stays until it has it. */
export async function handOn(): Promise<void> {
  closeLists();
  await eraseVault();
  await leavePhone();
  await forgetFormer();
  ended.value = null;
  vaultIsThere.value = false;
}

async function end(why: Ended): Promise<void> {
  if (ended.value === why && !vaultIsThere.value) return;
  closeLists();
  await eraseVault();
  ended.value = why;
  vaultIsThere.value = false;
}

/** The token's time is over, or the server closed it: the lists go, the outbox stays. */
export async function lookAtTheClock(now: number): Promise<void> {
  await noteTime(now);
  const current = phone.value;
  if (!current) return;
  if (current.refused === 'REVOKED') await end('REVOKED');
  else if (current.expiresAt <= serverNow(now)) await end('EXPIRED');
}

export async function loadSession(now: number): Promise<void> {
  await loadPhone();
  vaultIsThere.value = await hasVault();
  if (phone.value && !vaultIsThere.value) ended.value = 'ERASED';
  await lookAtTheClock(now);
}

/** Another tab may have erased, enrolled or handed on. */
export function followSession(): void {
  liveQuery(async () => ({ current: await readPhone(), has: await hasVault() })).subscribe(({ current, has }) => {
    if (current?.id !== phone.value?.id || !has) closeLists();
    phone.value = current;
    vaultIsThere.value = has;
    if (current?.refused === 'REVOKED' && (has || !ended.value)) void end('REVOKED');
  });
  setInterval(() => void lookAtTheClock(Date.now()), LOOK_EVERY_MS);
  lockWhenAway();
}

function lockWhenAway(): void {
  let hiddenAt: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.visibilityState === 'hidden') {
      hiddenAt = Date.now();
      timer = setTimeout(lock, LOCKED_AFTER_MS);
      return;
    }
    const away = hiddenAt === null ? 0 : Date.now() - hiddenAt;
    hiddenAt = null;
    if (away >= LOCKED_AFTER_MS || away < 0) lock();
    void lookAtTheClock(Date.now()).then(refresh);
  });
}

