/** The city's server as the phone sees it: it holds the private halves. Keys are made for the test and gone with it. */
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { fromBase64, toBase64, uuidBytes } from '../src/api/bytes';
import type { ParcelItem, SealedItem, WireItem } from '../src/api/contract';
import type { OutboxKey } from '../src/api/device';
import { keepEnrolment } from '../src/device/enrolment';

const INFO = new TextEncoder().encode('lianfang outbox session v1');
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

export interface City {
  key: OutboxKey;
  /** The record inside; rejects when it was sealed to another key, under another id, or changed. */
  open: (item: WireItem) => Promise<ParcelItem>;
}

export async function openCity(id = '2020-02'): Promise<City> {
  const pair = await suite.kem.generateKeyPair();
  const key = { id, public: toBase64(new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))) };
  return { key, open: async (item) => (item.kind === 'SEALED' ? openSealed(item, pair) : item) };
}

async function openSealed(item: SealedItem, pair: CryptoKeyPair): Promise<ParcelItem> {
  const wrapped = fromBase64(item.session.wrapped_key);
  const secret = await suite.open({ recipientKey: pair, enc: wrapped.slice(0, 65).buffer, info: INFO }, wrapped.slice(65).buffer);
  const key = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['decrypt']);
  const sealed = { name: 'AES-GCM', iv: fromBase64(item.nonce), additionalData: uuidBytes(item.id) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(sealed, key, fromBase64(item.ciphertext)))) as ParcelItem;
}

export const CHECKPOINT = { code: 'HC02', name: '西柳高速口', lanes: 2, tier: 'BORDER', county: '海城市' };

/** This phone as a device of that city. */
export async function enrolIn(city: City, deviceId = 'd'): Promise<void> {
  await keepEnrolment({ token: `token-${deviceId}`, deviceId, checkpoint: CHECKPOINT, expiresAt: '2020-03-10T04:00:00Z', outboxKey: city.key });
}
