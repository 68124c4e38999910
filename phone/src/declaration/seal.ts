/** The traveller's side: what was declared, sealed so that only the checkpoint's officers open it. */
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { fromBase64 } from './base64';
import { pack, toBinary } from './codec';
import type { DeclarationContent } from './content';

/** The checkpoint's public key of a day, as /api/v1/declaring gives it: an uncompressed point in base64. */
export interface DeclaringKey {
  id: string;
  public: string;
}

export function newSuite(): CipherSuite {
  return new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

/** What an envelope was sealed for: it opens for no other checkpoint. */
export function infoFor(checkpoint: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(`lianfang declaration v1 ${checkpoint}`));
}

/** The binary of codec.ts: what the QR code holds and what is posted. */
export async function sealed(content: DeclarationContent, key: DeclaringKey): Promise<Uint8Array<ArrayBuffer>> {
  const suite = newSuite();
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64(key.public).buffer);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: infoFor(content.checkpoint).buffer }, pack(content).buffer);
  const envelope = new Uint8Array(enc.byteLength + ct.byteLength);
  envelope.set(new Uint8Array(enc));
  envelope.set(new Uint8Array(ct), enc.byteLength);
  return toBinary(key.id, envelope);
}
