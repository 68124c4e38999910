/** A whole number as it is typed, digit by digit. Pure. */

/** As the server reads (checkpoints/intake/people.py). */
const LARGEST = 1_000_000;

/** Null when nothing is left of it; what would be too large stays as it was. */
export function readWhole(typed: string, before: number | null): number | null {
  const digits = typed.normalize('NFKC').replace(/\D/g, '');
  if (!digits) return null;
  return Number(digits) <= LARGEST ? Number(digits) : before;
}
