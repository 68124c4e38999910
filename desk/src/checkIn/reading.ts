/** A temperature as people type it on a small screen: 36.5, 36。5, ３６．５, 365, 36度5. */

const LOWEST = 34;
const HIGHEST = 43;

/** °C to a tenth; null for what no thermometer says of a person. */
export function readTemperature(typed: string): number | null {
  const plain = typed
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[。．，,·度]/g, '.')
    .replace(/[℃°cC\s]/g, '')
    .replace(/\.$/, '');
  if (!/^\d{2}(\.?\d)?$/.test(plain)) return null;
  const value = Number(plain.includes('.') || plain.length === 2 ? plain : `${plain.slice(0, 2)}.${plain.slice(2)}`);
  return value >= LOWEST && value <= HIGHEST ? value : null;
}

const TOKEN = /^#(k_[\w-]{43})$/;

/** The token that a slip's link carries behind its #; null when there is none. */
export function linkIn(fragment: string): string | null {
  return TOKEN.exec(fragment)?.[1] ?? null;
}
