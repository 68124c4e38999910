/** What the two charts draw: a missing report leaves a gap, it is never a zero. Pure. */
import { hasReported, type HourRow, type Tiles } from './answers';

const DAYS = 14;

export interface Hours {
  labels: string[];
  today: (number | null)[];
  yesterday: (number | null)[];
  /** The hour that is not over. */
  open: number;
}

export interface Days {
  labels: string[];
  vehicles: (number | null)[];
  people: (number | null)[];
}

export function hours(data: Tiles['hours']): Hours {
  return {
    labels: data.today.map(({ hour }) => String(hour)),
    today: data.today.map(people),
    yesterday: data.yesterday.map(people),
    open: data.hour,
  };
}

/** The 14 days that end today. */
export function days(data: Tiles['days']): Days {
  const byDay = new Map(data.days.map((row) => [row.day, row]));
  const listed = lastDays(data.today, DAYS);
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

function people(row: HourRow): number | null {
  return hasReported(row) ? row.people : null;
}
