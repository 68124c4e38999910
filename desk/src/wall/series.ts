/** What the two charts draw: a missing report leaves a gap, it is never a zero. Pure. */
import type { Board } from './board';

export interface Series {
  labels: string[];
  vehicles: (number | null)[];
  people: (number | null)[];
}

const DAYS = 14;

export function hours(board: Board): Series {
  const rows = board.by_hour;
  return {
    labels: rows.map(({ hour }) => String(hour)),
    vehicles: rows.map((row) => reported(row.passages + row.people, row.vehicles)),
    people: rows.map((row) => reported(row.passages + row.people, row.people)),
  };
}

/** The 14 days that end today. */
export function days(board: Board): Series {
  const byDay = new Map(board.by_day.map((row) => [row.day, row]));
  const listed = lastDays(board.today.day, DAYS);
  return {
    labels: listed.map((day) => `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`),
    vehicles: listed.map((day) => byDay.get(day)?.vehicles ?? null),
    people: listed.map((day) => byDay.get(day)?.people ?? null),
  };
}

function lastDays(today: string, count: number): string[] {
  const end = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: count }, (_, n) => new Date(end - (count - 1 - n) * 86_400_000).toISOString().slice(0, 10));
}

function reported(records: number, figure: number): number | null {
  return records > 0 ? figure : null;
}
