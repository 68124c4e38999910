const TOKEN = /^#(display_[\w-]+)$/;

/** The token that a display's link carries behind its #; null when there is none. */
export function tokenIn(fragment: string): string | null {
  return TOKEN.exec(fragment)?.[1] ?? null;
}

const POSTER = /^#(v_[\w-]+)$/;

/** The token that a village's poster carries behind its #; null when there is none. */
export function posterIn(fragment: string): string | null {
  return POSTER.exec(fragment)?.[1] ?? null;
}
