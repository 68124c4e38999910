/** Half-days, verdicts and lists by the rules of the server (quarantine/rules.py), so that they go on while there is no network. Pure. */
import { shanghaiDate, shanghaiHour } from '../../clock/shanghai';
import type { Half, Thresholds, Verdict, WorkList } from './contract';

const DAY_MS = 86_400_000;
const NOON = 12;

export interface HalfDay {
  day: string;
  half: Half;
}

export interface Reported extends HalfDay {
  verdict: Verdict;
  at: number;
}

export function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00+08:00`);
}

export function halfDayOf(at: number): HalfDay {
  return { day: shanghaiDate(at), half: shanghaiHour(at) < NOON ? 'MORNING' : 'EVENING' };
}

export function halfBefore({ day, half }: HalfDay): HalfDay {
  return half === 'EVENING' ? { day, half: 'MORNING' } : { day: shanghaiDate(startOf(day) - DAY_MS), half: 'EVENING' };
}

export function deadlineOf({ day, half }: HalfDay, by: Thresholds): number {
  return startOf(day) + (half === 'MORNING' ? by.morning_by : by.evening_by) * 60_000;
}

/** The how-manyeth day of observation: that of the last contact is 0. */
export function dayNumber(day0: string, at: number): number {
  return Math.round((startOf(shanghaiDate(at)) - startOf(day0)) / DAY_MS);
}

export function isOver(lastOn: string, at: number): boolean {
  return shanghaiDate(at) > lastOn;
}

/** A symptom outweighs any reading; a reading no person can have is none. */
export function verdictOf(celsius: number | null, symptoms: string[], by: Thresholds): Verdict {
  if (symptoms.length) return 'SYMPTOMATIC';
  if (celsius === null || celsius < Number(by.lowest) || celsius > Number(by.highest)) return 'NOT_READ';
  const fever = Number(by.fever);
  return (by.inclusive ? celsius >= fever : celsius > fever) ? 'SYMPTOMATIC' : 'WELL';
}

export interface Observation {
  observedFrom: number;
  reports: Reported[];
  toClinic: boolean;
}

const isOf = (one: HalfDay, other: HalfDay): boolean => one.day === other.day && one.half === other.half;

/** On which list somebody stands who is in place and whose last day is not over. */
export function listOf({ observedFrom, reports, toClinic }: Observation, at: number, by: Thresholds): WorkList {
  const now = halfDayOf(at);
  const before = halfBefore(now);
  const isWell = reports.some((one) => isOf(one, now) && one.verdict === 'WELL');
  if (toClinic || isSymptomatic(reports, now, isWell)) return 'SYMPTOMATIC';
  if (isWell) return 'DONE';
  const deadline = deadlineOf(now, by);
  const isOverdue = at >= deadline && deadline > observedFrom;
  const wasAsked = deadlineOf(before, by) > observedFrom;
  const wasReported = reports.some((one) => isOf(one, before) && one.verdict !== 'NOT_READ');
  return isOverdue || (wasAsked && !wasReported) ? 'MISSED' : 'DUE';
}

/** Today; or in the half-day before, and nobody has said in this one that he is well. */
function isSymptomatic(reports: Reported[], now: HalfDay, isWell: boolean): boolean {
  const before = halfBefore(now);
  const felt = reports.filter(({ verdict }) => verdict === 'SYMPTOMATIC');
  return felt.some((one) => one.day === now.day || (isOf(one, before) && !isWell));
}
