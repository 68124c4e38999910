/**
 * How a declaration travels: content ⇄ deflated JSON, key id and envelope ⇄ binary, binary ⇄ the texts of QR codes.
 *
 * Binary: version byte 1 ‖ key id YYYYMMDD (of cards 1YYYYMMDD) as uint32, big-endian ‖ envelope. One code says `LF1:` + base45 of it; a long one
 * is shown in turn as `LF1/i/n/HHHH:` + a piece, where HHHH are the first four hex digits of the binary's SHA-256.
 */
import { deflateSync, inflateSync } from 'fflate';
import { fromBase45, toBase45, Unreadable } from './base45';
import type { DeclarationContent } from './content';

export { Unreadable } from './base45';

const BINARY_VERSION = 1;
const HEADER_BYTES = 5;
/** What any phone's screen shows and any camera reads: a QR code of version 18 at most. */
export const LONGEST_TEXT = 1000;
const LONGEST_HEAD = 'LF1/99/99/HHHH:'.length;
const MOST_PARTS = 99;
/** Many times what twenty people can say; more than this is a bomb. */
const MOST_CONTENT_BYTES = 65_536;

const WHOLE = /^LF1:([^]*)$/;
const PART = /^LF1\/(\d{1,2})\/(\d{1,2})\/([0-9A-F]{4}):([^]*)$/;

export function pack(content: DeclarationContent): Uint8Array<ArrayBuffer> {
  return new Uint8Array(deflateSync(new TextEncoder().encode(JSON.stringify(content)), { level: 9 }));
}

/** What was packed, as whatever JSON it holds: whoever reads it says what it must be. */
export function unpack(packed: Uint8Array): unknown {
  try {
    const bytes = inflateSync(packed, { out: new Uint8Array(MOST_CONTENT_BYTES) });
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Unreadable('not a packed declaration');
  }
}

/** `keyId` is a day, 20200210, for cards with a 1 before it. */
export function toBinary(keyId: string, envelope: Uint8Array): Uint8Array<ArrayBuffer> {
  const binary = new Uint8Array(HEADER_BYTES + envelope.length);
  binary[0] = BINARY_VERSION;
  new DataView(binary.buffer).setUint32(1, Number(keyId));
  binary.set(envelope, HEADER_BYTES);
  return binary;
}

export function fromBinary(binary: Uint8Array): { keyId: string; envelope: Uint8Array<ArrayBuffer> } {
  if (binary.length <= HEADER_BYTES || binary[0] !== BINARY_VERSION) throw new Unreadable('not a declaration of version 1');
  const keyId = String(new DataView(binary.buffer, binary.byteOffset).getUint32(1)).padStart(8, '0');
  return { keyId, envelope: new Uint8Array(binary.slice(HEADER_BYTES)) };
}

/** The texts of the codes to show: one, or several in turn. */
export async function encode(binary: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const text = toBase45(binary);
  if (text.length + 'LF1:'.length <= LONGEST_TEXT) return [`LF1:${text}`];
  const count = Math.ceil(text.length / (LONGEST_TEXT - LONGEST_HEAD));
  if (count > MOST_PARTS) throw new RangeError('too long for QR codes');
  const size = Math.ceil(text.length / count);
  const tag = await tagOf(binary);
  return Array.from({ length: count }, (_, i) => `LF1/${i + 1}/${count}/${tag}:${text.slice(i * size, (i + 1) * size)}`);
}

/** The parts of one declaration as they are scanned, in any order. */
export interface Collection {
  tag: string;
  pieces: readonly (string | null)[];
}

/** NOT_OURS: some other code. FOREIGN: a part of another declaration than the one begun. AGAIN: it was there already. */
export type Scanned = 'NOT_OURS' | 'FOREIGN' | 'AGAIN' | 'PART' | 'WHOLE';

export interface Step {
  scanned: Scanned;
  collection: Collection | null;
}

/** One scanned text more. Only PART and WHOLE change the collection; null starts one. */
export function collect(collection: Collection | null, text: string): Step {
  const whole = WHOLE.exec(text);
  if (whole) return collection ? { scanned: 'FOREIGN', collection } : { scanned: 'WHOLE', collection: { tag: '', pieces: [whole[1]!] } };
  const part = readPart(text);
  if (!part) return { scanned: 'NOT_OURS', collection };
  const begun = collection ?? { tag: part.tag, pieces: Array<string | null>(part.count).fill(null) };
  const there = begun.pieces[part.index];
  if (begun.tag !== part.tag || begun.pieces.length !== part.count) return { scanned: 'FOREIGN', collection };
  if (there != null) return { scanned: there === part.piece ? 'AGAIN' : 'FOREIGN', collection };
  const pieces = begun.pieces.map((piece, i) => (i === part.index ? part.piece : piece));
  return { scanned: pieces.includes(null) ? 'PART' : 'WHOLE', collection: { tag: begun.tag, pieces } };
}

function readPart(text: string): { index: number; count: number; tag: string; piece: string } | null {
  const match = PART.exec(text);
  const [index, count] = [Number(match?.[1]) - 1, Number(match?.[2])];
  if (!match || count < 2 || index < 0 || index >= count) return null;
  return { index, count, tag: match[3]!, piece: match[4]! };
}

/** The binary of a whole collection; Unreadable when its parts do not belong together. */
export async function joined(collection: Collection): Promise<Uint8Array<ArrayBuffer>> {
  if (collection.pieces.includes(null)) throw new Unreadable('parts are missing');
  const binary = fromBase45(collection.pieces.join(''));
  if (collection.tag && (await tagOf(binary)) !== collection.tag) throw new Unreadable('the parts are not of one declaration');
  return binary;
}

async function tagOf(binary: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', binary));
  return [...hash.slice(0, 2)].map((byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase();
}
