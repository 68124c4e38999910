/**
 * Sealing for the city's server: what is written to this phone's storage, this phone itself cannot open again.
 * One key a page load, only in memory and only for sealing, wrapped once to the outbox key; a new outbox key begins a new session.
 */
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { fromBase64, toBase64, uuidBytes } from '../api/bytes';
import { itemId, type ParcelItem, type SealedItem } from '../api/contract';
import type { OutboxKey } from '../api/device';

const INFO = new TextEncoder().encode('lianfang outbox session v1');

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

interface Session {
  key: CryptoKey;
  /** What every record of the session says about it. */
  label: SealedItem['session'];
}

let current: { to: OutboxKey; session: Promise<Session> } | null = null;

/** Rejects when the outbox key is no key. */
export function sealItem(item: ParcelItem, to: OutboxKey): Promise<SealedItem> {
  return sealAs(itemId(item), item, to);
}

/** Whatever would travel as JSON, bound to its id. */
export async function sealAs(id: string, item: object, to: OutboxKey): Promise<SealedItem> {
  const { key, label } = await sessionTo(to);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(item));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: uuidBytes(id) }, key, plain);
  return { kind: 'SEALED', id, session: label, nonce: toBase64(nonce), ciphertext: toBase64(new Uint8Array(sealed)) };
}

/** Whether the server's word is a key that can be sealed to. */
export async function isUsable(key: OutboxKey | null | undefined): Promise<boolean> {
  try {
    if (!key?.id) return false;
    await suite.kem.deserializePublicKey(fromBase64(key.public));
    return true;
  } catch {
    return false;
  }
}

function sessionTo(to: OutboxKey): Promise<Session> {
  if (current?.to.id !== to.id || current.to.public !== to.public) current = { to, session: begin(to) };
  return current.session;
}

async function begin(to: OutboxKey): Promise<Session> {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64(to.public));
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: INFO }, secret);
  const wrapped = new Uint8Array(enc.byteLength + ct.byteLength);
  wrapped.set(new Uint8Array(enc));
  wrapped.set(new Uint8Array(ct), enc.byteLength);
  const key = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt']);
  secret.fill(0);
  return { key, label: { key_id: to.id, wrapped_key: toBase64(wrapped) } };
}
