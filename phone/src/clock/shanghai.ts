/** Days and clock times at the barrier: always Asia/Shanghai (UTC+8, no summer time), whatever the phone is set to. */

const OFFSET_MS = 8 * 3_600_000;

/** 2020-02-10 */
export function shanghaiDate(at: number): string {
  return new Date(at + OFFSET_MS).toISOString().slice(0, 10);
}

/** 08:30 */
export function shanghaiTime(at: number): string {
  return new Date(at + OFFSET_MS).toISOString().slice(11, 16);
}

export function shanghaiHour(at: number): number {
  return new Date(at + OFFSET_MS).getUTCHours();
}

/** The moment the day of `at` began. */
export function startOfShanghaiDay(at: number): number {
  return Math.floor((at + OFFSET_MS) / 86_400_000) * 86_400_000 - OFFSET_MS;
}

/** Full years between two dates, both as 2020-02-10. */
export function yearsBetween(bornOn: string, on: string): number {
  const years = Number(on.slice(0, 4)) - Number(bornOn.slice(0, 4));
  return on.slice(5) < bornOn.slice(5) ? years - 1 : years;
}
