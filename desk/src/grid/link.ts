const CODE = /^#([2-9A-HJ-NP-Z]{10})$/;

/** The one-time code that an invitation's link carries behind its #; null when there is none. */
export function codeIn(fragment: string): string | null {
  return CODE.exec(fragment)?.[1] ?? null;
}
