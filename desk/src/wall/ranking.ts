/** What the lists with bars show: the first so many, and the rest in one line. Pure. */

export interface Ranked {
  key: string;
  name: string;
  /** null: nobody counts this yet. */
  people: number | null;
  /** One to four, which the wall does not tell. */
  few?: boolean;
  vehicles?: number;
  mark?: string;
}

/** At most `count` lines; if more are left, the last line is all of them together, called `rest`. */
export function ranked(rows: Ranked[], count: number, rest: (n: number) => string): Ranked[] {
  if (rows.length <= count) return rows;
  const left = rows.slice(count - 1);
  const sum = (pick: (row: Ranked) => number | null | undefined): number => left.reduce((all, row) => all + (pick(row) ?? 0), 0);
  const together = { key: '…', name: rest(left.length), people: sum(({ people }) => people), vehicles: sum(({ vehicles }) => vehicles) };
  return [...rows.slice(0, count - 1), together];
}
