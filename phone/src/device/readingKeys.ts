/**
 * The private halves of the checkpoint's keys of the day, which open travellers' codes without network. The browser keeps them as
 * key objects that no script can read out; they go when they expire. Whoever opens a code needs the public half too (RFC 9180 mixes
 * it in), and it cannot be had from a private key that nobody may read: both are kept.
 */
import { DhkemP256HkdfSha256 } from '@hpke/core';
import { fromBase64 } from '../api/bytes';
import type { WireReadingKey } from '../api/device';
import { database } from '../storage/database';
import { serverNow } from './facts';

export interface ReadingKey {
  /** The day: 20200210. */
  id: string;
  checkpoint: string;
  from: number;
  until: number;
  key: CryptoKeyPair;
}

const HOUR_MS = 3_600_000;
const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;

/** The pair of a day, for HPKE's `recipientKey`; null when this phone has none or no longer. */
export async function readingKey(id: string, now: number = serverNow()): Promise<CryptoKeyPair | null> {
  const kept = await database.readingKeys.get(id);
  return kept && kept.until > now ? kept.key : null;
}

/** What the server gave is what holds: keys of another checkpoint go. Keys that cannot be read are left out. */
export async function keepReadingKeys(given: WireReadingKey[], now: number): Promise<void> {
  const known = new Map((await database.readingKeys.toArray()).map((one) => [one.id, one]));
  const kept = await Promise.all(given.map((one) => alreadyKept(known.get(one.id), one) ?? imported(one)));
  const inForce = kept.filter((one) => one !== null && one.until > now) as ReadingKey[];
  await database.transaction('rw', database.readingKeys, async () => {
    await database.readingKeys.clear();
    await database.readingKeys.bulkPut(inForce);
  });
}

export async function forgetExpiredKeys(now: number): Promise<void> {
  await database.readingKeys.filter(({ until }) => until <= now).delete();
}

export function forgetExpiredKeysHourly(): void {
  setInterval(() => void forgetExpiredKeys(serverNow()), HOUR_MS);
  void forgetExpiredKeys(serverNow());
}

function alreadyKept(known: ReadingKey | undefined, { checkpoint, until }: WireReadingKey): ReadingKey | null {
  return known?.checkpoint === checkpoint && known.until === Date.parse(until) ? known : null;
}

async function imported({ id, checkpoint, from, until, private: scalar }: WireReadingKey): Promise<ReadingKey | null> {
  try {
    return { id, checkpoint, from: Date.parse(from), until: Date.parse(until), key: await pairOf(scalar) };
  } catch {
    return null;
  }
}

async function pairOf(scalar: string): Promise<CryptoKeyPair> {
  const kem = new DhkemP256HkdfSha256();
  const readable = await kem.deserializePrivateKey(fromBase64(scalar));
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', readable);
  const publicKey = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, CURVE, true, []);
  const privateKey = await crypto.subtle.importKey('jwk', { kty, crv, x, y, d }, CURVE, false, ['deriveBits']);
  return { publicKey, privateKey };
}
