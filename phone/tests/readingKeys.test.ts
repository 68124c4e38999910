import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../src/api/bytes';
import type { WireReadingKey } from '../src/api/device';
import { forgetExpiredKeys, keepReadingKeys, readingKey } from '../src/device/readingKeys';
import { database } from '../src/storage/database';
import { NOON } from './samples';

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const HOUR = 3_600_000;

async function dayKey(changes: Partial<WireReadingKey> = {}): Promise<{ wire: WireReadingKey; publicKey: CryptoKey }> {
  const pair = await suite.kem.generateKeyPair();
  const scalar = toBase64(new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey)));
  const times = { from: new Date(NOON).toISOString(), until: new Date(NOON + 48 * HOUR).toISOString() };
  return { wire: { id: '20200210', checkpoint: 'HC02', ...times, private: scalar, ...changes }, publicKey: pair.publicKey };
}

describe('a key of the day', () => {
  it('opens what a traveller sealed to it, from storage, again and again, whatever the parity of its point', async () => {
    for (let n = 0; n < 6; n += 1) {
      const { wire, publicKey } = await dayKey();
      await keepReadingKeys([wire], NOON);
      const { enc, ct } = await suite.seal({ recipientPublicKey: publicKey }, new TextEncoder().encode('十清楚'));
      const key = await readingKey('20200210', NOON);
      expect(new TextDecoder().decode(await suite.open({ recipientKey: key!, enc }, ct))).toBe('十清楚');
      await database.readingKeys.clear();
    }
  });

  it('cannot be read out by a script, and does not lie in storage as it was sent', async () => {
    const { wire } = await dayKey();
    await keepReadingKeys([wire], NOON);
    const key = await readingKey('20200210', NOON);
    expect(key?.privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('jwk', key!.privateKey)).rejects.toThrow();
    expect(JSON.stringify(await database.readingKeys.toArray())).not.toContain(wire.private);
  });

  it('goes when it expires', async () => {
    await keepReadingKeys([(await dayKey()).wire, (await dayKey({ id: '20200211', until: new Date(NOON + 72 * HOUR).toISOString() })).wire], NOON);
    expect(await readingKey('20200210', NOON + 48 * HOUR)).toBeNull();
    await forgetExpiredKeys(NOON + 50 * HOUR);
    expect((await database.readingKeys.toArray()).map((one) => one.id)).toEqual(['20200211']);
  });

  it('of another checkpoint goes with the move, and one that is none is left out', async () => {
    await keepReadingKeys([(await dayKey()).wire], NOON);
    const moved = await dayKey({ checkpoint: 'HC05' });
    await keepReadingKeys([moved.wire, (await dayKey({ id: 'x', private: 'AAAA' })).wire, (await dayKey({ id: 'y', private: '?' })).wire], NOON);
    expect(await database.readingKeys.toArray()).toMatchObject([{ id: '20200210', checkpoint: 'HC05' }]);
  });
});
