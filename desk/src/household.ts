/** What one household's phone knows of itself: a random id, made here and sent to nobody else. */
const KEPT = 'lianfang.village.device';
const POSTER = 'lianfang.village.poster';
const BYTES = 16;

/** 128 random bits, as 32 characters or as a UUID. */
export function randomId(uuid = false): string {
  const bytes = Array.from(crypto.getRandomValues(new Uint8Array(BYTES)));
  const marked = bytes.map((byte, place) => {
    if (place === 6) return (byte & 0x0f) | 0x40;
    return place === 8 ? (byte & 0x3f) | 0x80 : byte;
  });
  const hex = marked.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return uuid ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : hex;
}

/** The phone's own id; where it may keep nothing, one for this page. */
export function deviceOf(): string {
  try {
    const kept = localStorage.getItem(KEPT);
    if (kept !== null && /^[0-9a-f]{32}$/.test(kept)) return kept;
    const made = randomId();
    localStorage.setItem(KEPT, made);
    return made;
  } catch {
    return randomId();
  }
}

/** The poster's token, through a change of language: `given` where the address carries one. */
export function posterKept(given: string | null): string | null {
  try {
    if (given !== null) sessionStorage.setItem(POSTER, given);
    return given ?? sessionStorage.getItem(POSTER);
  } catch {
    return given;
  }
}

/** Whether so many can be unwell where so many are at home. */
export function unwellShown(number: number, people: number | null): boolean {
  return people !== null && number <= people;
}
