/** Opening with the checkpoint's private key of a day. Apart from open.ts, so that HPKE is fetched when the first code is read. */
import { infoFor, newSuite } from './seal';

const POINT_BYTES = 65;

/** What was sealed, or null: for another checkpoint, of another day, or changed on its way. */
export async function openEnvelope(recipientKey: CryptoKeyPair, checkpoint: string, envelope: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null> {
  const suite = newSuite();
  try {
    const enc = envelope.slice(0, POINT_BYTES).buffer;
    const plain = await suite.open({ recipientKey, enc, info: infoFor(checkpoint).buffer }, envelope.slice(POINT_BYTES).buffer);
    return new Uint8Array(plain);
  } catch {
    return null;
  }
}
