/** Base45 (RFC 9285): bytes in the 45 characters that a QR code holds most cheaply. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const BASE = ALPHABET.length;

/** What was scanned is not what was made: damaged, cut short, or something else. */
export class Unreadable extends Error {}

export function toBase45(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const isPair = i + 1 < bytes.length;
    text += digits(isPair ? bytes[i]! * 256 + bytes[i + 1]! : bytes[i]!, isPair ? 3 : 2);
  }
  return text;
}

export function fromBase45(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 3 === 1) throw new Unreadable('base45 never leaves one character over');
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 3) {
    const value = valueOf(text.slice(i, i + 3));
    const isPair = i + 2 < text.length;
    if (value > (isPair ? 0xffff : 0xff)) throw new Unreadable('more than the bytes can hold');
    if (isPair) bytes.push(value >> 8);
    bytes.push(value & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** Lowest digit first. */
function digits(value: number, count: number): string {
  let text = '';
  for (let i = 0; i < count; i += 1) {
    text += ALPHABET[value % BASE];
    value = Math.floor(value / BASE);
  }
  return text;
}

function valueOf(group: string): number {
  return [...group].reduceRight((value, character) => {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw new Unreadable(`${character} is no character of base45`);
    return value * BASE + digit;
  }, 0);
}
