/** The three shifts of a day, as the server counts them: SHIFTS in lianfang/checkpoints/shifts.py (tests/hours.test.ts compares). */
import { shanghaiDate, shanghaiHour, startOfShanghaiDay } from '../clock/shanghai';

export const SHIFTS = [
  { code: 'NIGHT', fromHour: 0, toHour: 8 },
  { code: 'DAY', fromHour: 8, toHour: 16 },
  { code: 'EVENING', fromHour: 16, toHour: 24 },
] as const;
export type ShiftCode = (typeof SHIFTS)[number]['code'];

export interface ShiftHours {
  code: ShiftCode;
  /** 2020-02-10 */
  day: string;
  /** 08:00 to 24:00 */
  until: string;
  endsAt: number;
}

export function shiftAt(at: number): ShiftHours {
  const hour = shanghaiHour(at);
  const { code, toHour } = SHIFTS.find((shift) => hour < shift.toHour)!;
  const until = `${String(toHour).padStart(2, '0')}:00`;
  return { code, day: shanghaiDate(at), until, endsAt: startOfShanghaiDay(at) + toHour * 3_600_000 };
}
