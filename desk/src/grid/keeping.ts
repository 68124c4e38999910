/** What stays on the phone: the token, which opens nothing without the PIN, whose grid it is, and until when. */
export interface Kept {
  token: string;
  name: string;
  expiresAt: string;
}

const KEY = 'grid-roster';

export function kept(): Kept | null {
  try {
    const held = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<Kept> | null;
    const whole = held && typeof held.token === 'string' && typeof held.name === 'string' && typeof held.expiresAt === 'string';
    return whole ? (held as Kept) : null;
  } catch {
    return null;
  }
}

export function keep(held: Kept): void {
  localStorage.setItem(KEY, JSON.stringify(held));
}

export function forget(): void {
  localStorage.removeItem(KEY);
}
