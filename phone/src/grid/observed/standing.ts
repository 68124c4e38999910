/** How people under an order stand: the server's list, over it what this phone has said since, by the clock of this moment. Pure. */
import type { AnswerRow } from '../answers';
import { over, rowsAbout, type BySubject, type Standing } from '../standing';
import type { FollowUp, ObservedPerson, OrderState, Outcome, Thresholds, Verdict, Way } from './contract';
import { dayNumber, isOver, listOf, type Reported } from './rules';

/** What the worker sees of somebody, the most pressing for whoever walks first. */
export const STANDS = ['MISSED', 'SYMPTOMATIC', 'BROKEN', 'TO_PLACE', 'DUE', 'DONE', 'OVER'] as const;
export type Stand = (typeof STANDS)[number];

export interface OrderStanding extends Standing<OrderState> {
  stand: Stand;
  day: number;
  reports: Reported[];
  followUps: FollowUp[];
  /** From then on reports are asked for. */
  observedFrom: number;
  /** Somebody was there, and he is not counted as in place yet. */
  blocked: boolean;
}

export function ofOrder(person: ObservedPerson, said: BySubject, by: Thresholds, asOf: number, now: number): OrderStanding {
  const placed = rowsAbout(said, 'ORDER', person.order);
  const standing = stateOf(person, placed, asOf);
  const reports = reportsOf(person, said, asOf);
  const followUps = person.follow_ups.filter(({ id }) => !rowsAbout(said, 'FOLLOW_UP', id).some(isHeard));
  const toClinic = followUps.some(({ kind }) => kind === 'CLINIC');
  const from = observedFrom(person, standing);
  const observation = { observedFrom: from, reports, toClinic };
  const list = standing.state === 'IN_PLACE' ? listOf(observation, now, by) : null;
  const asked = list && list !== 'SYMPTOMATIC' && isOver(person.last_on, now) ? 'OVER' : list; // fever stays in sight
  const stand = asked ?? (standing.state === 'BROKEN' ? 'BROKEN' : 'TO_PLACE');
  return { ...standing, mark: standing.mark ?? markOf(said, person), stand, day: dayNumber(person.day0_on, now), reports, followUps, observedFrom: from, blocked: isBlocked(placed) };
}

/** Being there without being counted as in place changes no state. */
function stateOf(person: ObservedPerson, placed: AnswerRow[], asOf: number): Standing<OrderState> {
  const standing = over<OrderState | 'BLOCKED'>(placed, person.state, asOf);
  return { ...standing, state: standing.state === 'BLOCKED' ? person.state : standing.state };
}

function isBlocked(placed: AnswerRow[]): boolean {
  const last = placed[placed.length - 1];
  if (!last || !isHeard(last)) return false;
  return last.receipt ? last.receipt.code === 'NO_CARER_YET' : last.about.said === 'BLOCKED';
}

/** Which calls and visits a report answers: a visit is one only at the door, and what could not be read answers nothing. */
export function answeredBy(said: Verdict, way: Way, asked: FollowUp[]): (FollowUp & { outcome: Outcome })[] {
  if (said === 'NOT_READ') return [];
  const outcome = said === 'WELL' ? 'WELL' : 'UNWELL';
  return asked.filter(({ kind }) => kind === 'CALL' || (kind === 'VISIT' && way === 'GRID_DOOR')).map((one) => ({ ...one, outcome }));
}

/** Waiting, or taken by the server. */
function isHeard({ state }: AnswerRow): boolean {
  return state === 'UNSENT' || state === 'ACKNOWLEDGED';
}

/** Reports are asked for from the moment he is in place, or back. */
function observedFrom(person: ObservedPerson, { state, at }: Standing<OrderState>): number {
  if (person.state !== 'IN_PLACE' && state === 'IN_PLACE' && at !== null) return at;
  return person.observed_from ? Date.parse(person.observed_from) : Infinity;
}

function reportsOf(person: ObservedPerson, said: BySubject, asOf: number): Reported[] {
  const known = person.reports.map(({ day, half, verdict, at }) => ({ day, half, verdict, at: Date.parse(at) }));
  const own = rowsAbout(said, 'CHECK_IN', person.order).filter((row) => row.state === 'UNSENT' || (row.state === 'ACKNOWLEDGED' && (row.settledAt ?? 0) >= asOf));
  return [...known, ...own.flatMap(reportOf)];
}

function reportOf({ about, receipt, capturedAt }: AnswerRow): Reported[] {
  if (about.kind !== 'CHECK_IN') return [];
  return [{ day: about.day, half: about.half, verdict: receipt?.verdict ?? about.said, at: capturedAt }];
}

/** What waits of his reports, or was set aside and not read. */
function markOf(said: BySubject, person: ObservedPerson): Standing<string>['mark'] {
  const subjects = person.follow_ups.flatMap(({ id }) => rowsAbout(said, 'FOLLOW_UP', id));
  const rows = [...rowsAbout(said, 'CHECK_IN', person.order), ...subjects];
  if (rows.some(({ state }) => state === 'SET_ASIDE' || state === 'CONFLICT')) return 'ASIDE';
  return rows.some(({ state }) => state === 'UNSENT') ? 'WAITING' : null;
}
