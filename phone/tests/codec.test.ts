import { describe, expect, it } from 'vitest';
import { deflateSync } from 'fflate';
import { fromBase45, toBase45 } from '../src/declaration/base45';
import { collect, encode, fromBinary, joined, LONGEST_TEXT, pack, toBinary, unpack, Unreadable, type Collection } from '../src/declaration/codec';
import { expiryOf, type DeclarationContent } from '../src/declaration/content';

const utf8 = (text: string) => new TextEncoder().encode(text);
const chance = (length: number) => crypto.getRandomValues(new Uint8Array(length));

const CONTENT: DeclarationContent = {
  v: 1,
  id: '019539d3-0000-7000-8000-000000000001',
  kind: 'DECLARATION',
  made_at: '2020-02-10T08:30:00+08:00',
  checkpoint: 'HC-B-03',
  people: [{ name: '测试', document: { type: 'NONE' } }],
};

/** Everything scanned in this order. */
function scan(texts: string[]): { collection: Collection | null; said: string[] } {
  let collection: Collection | null = null;
  const said = texts.map((text) => {
    const step = collect(collection, text);
    collection = step.collection;
    return step.scanned;
  });
  return { collection, said };
}

describe('base45', () => {
  it.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
    ['', ''],
  ])('says %s as RFC 9285 does', (plain, text) => {
    expect(toBase45(utf8(plain))).toBe(text);
    expect(fromBase45(text)).toEqual(utf8(plain));
  });

  it.each(['GGW', '::', 'A', 'AAAA', 'bb8', '€00', 'ZZZ'])('does not read %s', (text) => {
    expect(() => fromBase45(text)).toThrow(Unreadable);
  });

  it('gives back any bytes', () => {
    for (const length of [1, 2, 3, 255, 256, 999]) {
      const bytes = chance(length);
      expect(fromBase45(toBase45(bytes))).toEqual(bytes);
    }
  });
});

describe('content', () => {
  it('is unpacked as it was packed', () => expect(unpack(pack(CONTENT))).toEqual(CONTENT));

  it.each([
    ['nothing', new Uint8Array()],
    ['chance', chance(40)],
    ['no JSON', deflateSync(utf8('{'))],
    ['a bomb', deflateSync(utf8(`"${'0'.repeat(5_000_000)}"`))],
    ['no UTF-8', deflateSync(Uint8Array.of(0x22, 0xff, 0x22))],
  ])('of %s is refused', (_, bytes) => expect(() => unpack(bytes)).toThrow(Unreadable));

  it('is good for a day, a card for a week', () => {
    const made = Date.parse(CONTENT.made_at);
    expect(expiryOf(CONTENT) - made).toBe(86_400_000);
    expect(expiryOf({ ...CONTENT, kind: 'CARD' }) - made).toBe(7 * 86_400_000);
  });
});

describe('the binary', () => {
  it('names the day of its key', () => {
    const binary = toBinary('20200210', Uint8Array.of(4, 5));
    expect([...binary]).toEqual([1, 0x01, 0x34, 0x3b, 0x12, 4, 5]);
    expect(fromBinary(binary)).toEqual({ keyId: '20200210', envelope: Uint8Array.of(4, 5) });
  });

  it('is read out of the middle of another buffer too', () => {
    const around = new Uint8Array([9, 9, ...toBinary('20200210', Uint8Array.of(7))]);
    expect(fromBinary(around.subarray(2)).keyId).toBe('20200210');
  });

  it.each([[[]], [[1, 0, 0, 0, 0]], [[2, 1, 52, 59, 18, 4]]])('%j is none', (bytes) => {
    expect(() => fromBinary(Uint8Array.from(bytes))).toThrow(Unreadable);
  });
});

describe('the codes', () => {
  it('are one while it is short, written with the letters of QR alone', async () => {
    const binary = chance(600);
    const texts = await encode(binary);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(/^LF1:[0-9A-Z $%*+\-./:]+$/);
    const { collection, said } = scan(texts);
    expect(said).toEqual(['WHOLE']);
    expect(await joined(collection!)).toEqual(binary);
  });

  it.each([665, 700, 2000, 16_384])('are several when %i bytes are too many for one, none of them too long', async (length) => {
    const binary = chance(length);
    const texts = await encode(binary);
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(LONGEST_TEXT);
      expect(text).toMatch(/^LF1\/\d+\/\d+\/[0-9A-F]{4}:[0-9A-Z $%*+\-./:]+$/);
    }
    expect(await joined(scan(texts).collection!)).toEqual(binary);
  });

  it('are taken in any order, and twice', async () => {
    const binary = chance(2000);
    const [a, b, c, d] = (await encode(binary)) as [string, string, string, string];
    const { collection, said } = scan([c, a, c, d, a, b]);
    expect(said).toEqual(['PART', 'PART', 'AGAIN', 'PART', 'AGAIN', 'WHOLE']);
    expect(await joined(collection!)).toEqual(binary);
  });

  it('of somebody else are refused and change nothing', async () => {
    const binary = chance(2000);
    const mine = await encode(binary);
    const [theirs] = await encode(chance(2000));
    const [short] = await encode(chance(20));
    const { collection, said } = scan([mine[0]!, theirs!, short!, 'https://example.org/', ...mine.slice(1)]);
    expect(said.slice(0, 4)).toEqual(['PART', 'FOREIGN', 'FOREIGN', 'NOT_OURS']);
    expect(await joined(collection!)).toEqual(binary);
  });

  it.each(['LF1/0/3/ABCD:X', 'LF1/4/3/ABCD:X', 'LF1/1/1/ABCD:X', 'LF1/1/3/abcd:X', 'LF2:X', 'LF1', '', 'lf1:BB8'])('%j begins nothing', (text) => {
    expect(collect(null, text)).toEqual({ scanned: 'NOT_OURS', collection: null });
  });

  it('that do not belong together are found out', async () => {
    const [first, ...rest] = await encode(chance(2000));
    const forged = `${first!.slice(0, -3)}000`;
    await expect(joined(scan([forged, ...rest]).collection!)).rejects.toThrow(Unreadable);
  });

  it('are not read while one is missing', async () => {
    const [first] = await encode(chance(2000));
    await expect(joined(scan([first!]).collection!)).rejects.toThrow(Unreadable);
  });
});
