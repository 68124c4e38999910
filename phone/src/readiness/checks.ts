/** What must stand before a shift without network, each as good, to be minded, or missing. Pure. */
import type { Rules } from '../screening/rules';

export type CheckState = 'GOOD' | 'MIND' | 'BAD';
export type CheckId = 'program' | 'rules' | 'register' | 'readingKeys' | 'scanner' | 'clock' | 'storage' | 'battery' | 'enrolment' | 'outbox';
/** What a tap on the line can do about it. */
export type Act = 'TAKE_UPDATE' | 'REFRESH' | 'TRY_CAMERA' | 'PERSIST' | 'ENROL' | 'SEND';

export interface Check {
  id: CheckId;
  state: CheckState;
  /** Which of the line's sentences is true (i18n readiness.says.ID.SAYS), and its figures. */
  says: string;
  figures?: Record<string, string | number>;
  act?: Act;
}

/** What the phone says about itself. Null: it cannot tell. */
export interface Snapshot {
  now: number;
  program: { active: boolean; files: number; updateWaits: boolean };
  rules: { kept: Rules | null; understood: boolean; confirmedAt: number | null; named: string | null; lapsed: boolean };
  register: { places: number; edition: string };
  /** Their days: 20200210. */
  readingKeys: string[];
  camera: 'GRANTED' | 'ASKS' | 'DENIED' | 'NONE';
  clockOffsetMs: number | null;
  storage: { freeMb: number | null; persisted: boolean | null };
  battery: { percent: number; charging: boolean } | null;
  enrolledUntil: number | null;
  outbox: { unsent: number; setAside: number };
}

const HOUR = 3_600_000;
const RULES_FRESH_MS = 24 * HOUR;
const SKEW_MS = 2 * 60_000;
/** 4,000 sealed records of a family each, several times over. */
const ENOUGH_MB = 100;
const FULL_CHARGE = 50;
const LOW_CHARGE = 20;

export function checksOf(snapshot: Snapshot): Check[] {
  const all = [program, rules, register, readingKeys, scanner, clock, storage, battery, enrolment, outbox];
  return all.flatMap((check) => check(snapshot) ?? []);
}

/** The worst of them. */
export function verdictOf(checks: Check[]): CheckState {
  if (checks.some(({ state }) => state === 'BAD')) return 'BAD';
  return checks.some(({ state }) => state === 'MIND') ? 'MIND' : 'GOOD';
}

function program({ program: { active, files, updateWaits } }: Snapshot): Check {
  if (!active || !files) return { id: 'program', state: 'BAD', says: 'MISSING' };
  if (updateWaits) return { id: 'program', state: 'MIND', says: 'UPDATE', act: 'TAKE_UPDATE' };
  return { id: 'program', state: 'GOOD', says: 'THERE', figures: { n: files } };
}

function rules({ now, rules: { kept, understood, confirmedAt, named, lapsed } }: Snapshot): Check {
  if (!kept) return { id: 'rules', state: 'BAD', says: 'MISSING', act: 'REFRESH' };
  if (!understood) return { id: 'rules', state: 'BAD', says: 'NEWER' };
  if (lapsed) return { id: 'rules', state: 'MIND', says: 'OVER', act: 'REFRESH' };
  const age = now - (confirmedAt ?? 0);
  const figures = { hash: kept.hash.slice(0, 6), hours: Math.floor(age / HOUR) };
  const isOld = age > RULES_FRESH_MS || (named !== null && named !== kept.hash);
  return isOld ? { id: 'rules', state: 'MIND', says: 'OLD', figures, act: 'REFRESH' } : { id: 'rules', state: 'GOOD', says: figures.hours ? 'THERE' : 'NOW', figures };
}

function register({ register: { places, edition } }: Snapshot): Check {
  if (!places) return { id: 'register', state: 'BAD', says: 'MISSING', act: 'REFRESH' };
  return { id: 'register', state: 'GOOD', says: 'THERE', figures: { n: thousands(places), edition } };
}

function readingKeys({ readingKeys: keys, now }: Snapshot): Check {
  const has = (at: number) => keys.includes(dayNumber(at));
  const says = has(now) ? (has(now + 24 * HOUR) ? 'THERE' : 'TODAY') : 'MISSING';
  if (says === 'THERE') return { id: 'readingKeys', state: 'GOOD', says };
  return { id: 'readingKeys', state: 'MIND', says, act: 'REFRESH' };
}

function dayNumber(at: number): string {
  return new Date(at + 8 * HOUR).toISOString().slice(0, 10).replaceAll('-', '');
}

function scanner({ camera }: Snapshot): Check {
  if (camera === 'GRANTED') return { id: 'scanner', state: 'GOOD', says: 'THERE' };
  return { id: 'scanner', state: 'MIND', says: camera, ...(camera === 'ASKS' && { act: 'TRY_CAMERA' as const }) };
}

function clock({ clockOffsetMs }: Snapshot): Check {
  if (clockOffsetMs === null) return { id: 'clock', state: 'MIND', says: 'UNKNOWN', act: 'REFRESH' };
  const minutes = Math.max(1, Math.round(Math.abs(clockOffsetMs) / 60_000));
  if (Math.abs(clockOffsetMs) < SKEW_MS) return { id: 'clock', state: 'GOOD', says: 'RIGHT' };
  return { id: 'clock', state: 'BAD', says: clockOffsetMs > 0 ? 'BEHIND' : 'AHEAD', figures: { minutes } };
}

function storage({ storage: { freeMb, persisted } }: Snapshot): Check {
  const figures = { mb: thousands(freeMb ?? 0) };
  if (freeMb !== null && freeMb < ENOUGH_MB) return { id: 'storage', state: 'BAD', says: 'FULL', figures };
  if (!persisted) return { id: 'storage', state: 'MIND', says: 'LOOSE', figures, act: 'PERSIST' };
  return { id: 'storage', state: 'GOOD', says: freeMb === null ? 'KEPT' : 'THERE', figures };
}

function thousands(figure: number): string {
  return String(figure).replace(/\B(?=(\d{3})+$)/g, ',');
}

function battery({ battery: charge }: Snapshot): Check | null {
  if (!charge) return null;
  const figures = { percent: charge.percent };
  if (charge.charging || charge.percent >= FULL_CHARGE) return { id: 'battery', state: 'GOOD', says: charge.charging ? 'CHARGING' : 'THERE', figures };
  return { id: 'battery', state: charge.percent < LOW_CHARGE ? 'BAD' : 'MIND', says: 'LOW', figures };
}

function enrolment({ now, enrolledUntil }: Snapshot): Check {
  if (enrolledUntil === null || enrolledUntil <= now) return { id: 'enrolment', state: 'BAD', says: 'OVER', act: 'ENROL' };
  const hours = Math.floor((enrolledUntil - now) / HOUR);
  if (hours < 24) return { id: 'enrolment', state: 'MIND', says: 'SOON', figures: { hours }, act: 'ENROL' };
  return { id: 'enrolment', state: 'GOOD', says: 'THERE', figures: { days: Math.floor(hours / 24) } };
}

function outbox({ outbox: { unsent, setAside } }: Snapshot): Check {
  if (setAside) return { id: 'outbox', state: 'MIND', says: 'SET_ASIDE', figures: { n: setAside } };
  if (unsent) return { id: 'outbox', state: 'MIND', says: 'WAITING', figures: { n: unsent }, act: 'SEND' };
  return { id: 'outbox', state: 'GOOD', says: 'EMPTY' };
}
