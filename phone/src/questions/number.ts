/** A whole number as it is typed. Pure. */

/** As the server reads (checkpoints/intake/people.py). */
const LARGEST = 1_000_000;

/** Null for anything else: 36.5 is not 365, and what is too large is not cut short. */
export function readWhole(typed: string): number | null {
  const figure = typed.normalize('NFKC').trim().replace('−', '-');
  const number = /^-?[0-9]+$/.test(figure) ? Number(figure) : NaN;
  return Math.abs(number) <= LARGEST ? number || 0 : null;
}
