import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../src/declaration/base64';
import { collect, encode, fromBinary, joined, unpack } from '../src/declaration/codec';
import type { DeclarationContent } from '../src/declaration/content';
import { infoFor, newSuite, sealed } from '../src/declaration/seal';
import vector from './declaration.json';

/** The officer's side, as short as it can be. */
async function opened(binary: Uint8Array, checkpoint: string): Promise<unknown> {
  const suite = newSuite();
  const recipientKey = await suite.kem.deserializePrivateKey(fromBase64(vector.key.private).buffer);
  const { envelope } = fromBinary(binary);
  const plain = await suite.open({ recipientKey, enc: envelope.slice(0, 65).buffer, info: infoFor(checkpoint).buffer }, envelope.slice(65).buffer);
  return unpack(new Uint8Array(plain));
}

describe('a sealed declaration', () => {
  const content = vector.content as DeclarationContent;

  it('is opened with the private half of its key', async () => {
    const binary = await sealed(content, vector.key);
    expect(fromBinary(binary).keyId).toBe('20200210');
    expect(await opened(binary, content.checkpoint)).toEqual(content);
  });

  it('is not opened as another checkpoint’s', async () => {
    await expect(opened(await sealed(content, vector.key), 'HC-B-04')).rejects.toThrow();
  });

  it('says nothing in the clear', async () => {
    const binary = await sealed(content, vector.key);
    const text = new TextDecoder('latin1').decode(binary);
    expect(text).not.toContain('00000000');
    expect(toBase64(binary)).not.toBe(toBase64(await sealed(content, vector.key)));
  });

  it('of one person fits one code', async () => {
    const alone = { ...content, people: content.people.slice(0, 1) };
    expect(await encode(await sealed(alone, vector.key))).toHaveLength(1);
  });

  it('of the kept vector is read from its codes', async () => {
    let collection = null;
    for (const text of vector.texts) collection = collect(collection, text).collection;
    const binary = await joined(collection!);
    expect(toBase64(binary)).toBe(vector.binary);
    expect(await opened(binary, vector.checkpoint)).toEqual(vector.content);
  });
});
