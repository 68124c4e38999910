/** UUIDv7 (RFC 9562): 48 bits of milliseconds, then chance, so that ids sort by the time they were made. */

export function mintId(at: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint16(0, Math.floor(at / 2 ** 32));
  new DataView(bytes.buffer).setUint32(2, at % 2 ** 32);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return hyphenate([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
}

/** The moment inside an id, in milliseconds. */
export function mintedAt(id: string): number {
  return parseInt(id.replace(/-/g, '').slice(0, 12), 16);
}

function hyphenate(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
