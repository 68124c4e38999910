/** The key pair of the declaration vector, as a phone keeps it: the private half tells nobody. */
import { fromBase64 } from '../src/declaration/base64';
import { newSuite } from '../src/declaration/seal';
import vector from './declaration.json' with { type: 'json' };

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;

export async function vectorPair(): Promise<CryptoKeyPair> {
  const readable = await newSuite().kem.deserializePrivateKey(fromBase64(vector.key.private).buffer);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', readable);
  return {
    publicKey: await crypto.subtle.importKey('jwk', { kty, crv, x, y }, CURVE, true, []),
    privateKey: await crypto.subtle.importKey('jwk', { kty, crv, x, y, d }, CURVE, false, ['deriveBits']),
  };
}
