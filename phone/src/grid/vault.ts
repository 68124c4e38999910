/**
 * The lists on the phone, sealed under a key made of two: what the PIN comes to after a slow derivation, and a key of this phone that
 * no script can read out. The second goes with the token's end, with five wrong PINs and when the phone is handed on: what was sealed is noise then.
 */
import { shallowRef } from 'vue';
import type { Bytes } from '../api/bytes';
import { database, settings } from './database';

export const SHORTEST_PIN = 4;
export const LONGEST_PIN = 8;
export const MOST_WRONG = 5;
/** About a second on a phone that is five years old. */
export const ITERATIONS = 310_000;

export interface SealedList {
  name: string;
  nonce: Bytes;
  ciphertext: ArrayBuffer;
}

interface Vault {
  salt: number[];
  iterations: number;
  /** PINs tried since the last right one, counted before they are looked at. */
  tries: number;
}

export type Opening = { kind: 'OPEN'; key: CryptoKey } | { kind: 'WRONG'; left: number } | { kind: 'ERASED' } | { kind: 'NONE' };

const VAULT = 'vault';
const PHONE_KEY = 'phone';
const CHECK = 'check';

/** The key of the lists and the PIN that the server asks for too, in memory while somebody works with them. */
export const opened = shallowRef<{ key: CryptoKey; pin: string } | null>(null);

/** Whether it may be one at all; that it is too easy the server says. */
export function isPin(pin: string): boolean {
  return /^\d{4,8}$/.test(pin);
}

export async function hasVault(): Promise<boolean> {
  return (await settings.read<Vault>(VAULT)) !== null && (await database.keys.get(PHONE_KEY)) !== undefined;
}

/** Everything of a vault, before anything is written: the derivation takes its time, and a code is good once. */
export interface Prepared {
  key: CryptoKey;
  phoneKey: CryptoKey;
  vault: Vault;
  check: SealedList;
}

export async function prepareVault(pin: string): Promise<Prepared> {
  const vault: Vault = { salt: [...crypto.getRandomValues(new Uint8Array(16))], iterations: ITERATIONS, tries: 0 };
  const phoneKey = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']);
  const key = await keyOf(pin, vault, phoneKey);
  return { key, phoneKey, vault, check: await sealed(key, CHECK, CHECK) };
}

/** A new vault takes the place of an old one, whose lists go. `along`: what is written with it or not at all. */
export async function installVault({ phoneKey, vault, check }: Prepared, along: () => Promise<void> = async () => undefined): Promise<void> {
  await database.transaction('rw', [database.settings, database.keys, database.lists, database.phones], async () => {
    await database.lists.clear();
    await settings.write<Vault>(VAULT, vault);
    await database.keys.put({ id: PHONE_KEY, key: phoneKey });
    await database.lists.put(check);
    await along();
  });
}

/** Counted first, so that a page that is closed in between wins nothing; the fifth wrong one erases. */
export async function openVault(pin: string): Promise<Opening> {
  const vault = await countTry();
  const phoneKey = await database.keys.get(PHONE_KEY);
  const check = await database.lists.get(CHECK);
  if (!vault || !phoneKey || !check) return { kind: 'NONE' };
  const key = await keyOf(pin, vault, phoneKey.key);
  if ((await opening(key, check)) === CHECK) {
    await settings.change<Vault>(VAULT, (was) => ({ ...(was ?? vault), tries: 0 }));
    return { kind: 'OPEN', key };
  }
  if (vault.tries < MOST_WRONG) return { kind: 'WRONG', left: MOST_WRONG - vault.tries };
  await eraseVault();
  return { kind: 'ERASED' };
}

async function countTry(): Promise<Vault | null> {
  return database.transaction('rw', database.settings, async () => {
    const vault = await settings.read<Vault>(VAULT);
    if (!vault) return null;
    const counted = { ...vault, tries: vault.tries + 1 };
    await settings.write<Vault>(VAULT, counted);
    return counted;
  });
}

/** Nothing of the lists can be read afterwards, with whatever PIN. */
export async function eraseVault(): Promise<void> {
  opened.value = null;
  await database.transaction('rw', database.settings, database.keys, database.lists, async () => {
    await database.keys.clear();
    await database.lists.clear();
    await settings.drop(VAULT);
  });
}

export async function keepList(key: CryptoKey, name: string, content: unknown): Promise<void> {
  const list = await sealed(key, name, content);
  await database.transaction('rw', database.lists, database.keys, async () => {
    // A vault that another tab has erased stays empty.
    if (await database.keys.get(PHONE_KEY)) await database.lists.put(list);
  });
}

/** Null when there is none, or none under this key. */
export async function readList<T>(key: CryptoKey, name: string): Promise<T | null> {
  const list = await database.lists.get(name);
  return list ? ((await opening(key, list)) as T | null) : null;
}

async function keyOf(pin: string, { salt, iterations }: Vault, phoneKey: CryptoKey): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
  const slow = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: Uint8Array.from(salt), iterations }, typed, 256);
  const both = await crypto.subtle.sign('HMAC', phoneKey, slow);
  return crypto.subtle.importKey('raw', both, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

async function sealed(key: CryptoKey, name: string, content: unknown): Promise<SealedList> {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(content));
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(name) }, key, plain);
  return { name, nonce, ciphertext };
}

async function opening(key: CryptoKey, { name, nonce, ciphertext }: SealedList): Promise<unknown> {
  try {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(name) }, key, ciphertext);
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null;
  }
}
