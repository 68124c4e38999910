/** What the buttons do for somebody under an order. */
import { write } from '../acts';
import { serverNow } from '../clock';
import { observed } from '../lists';
import type { CareKind, CareSaid, FollowUp, Half, ObservedPerson, Outcome, Way } from './contract';
import { isCaredFor } from './care';
import { halfDayOf, verdictOf } from './rules';
import { answeredBy } from './standing';

export interface ReportTold {
  celsius: number | null;
  symptoms: string[];
  way: Way;
  half?: Half;
}

/** Judged as the server will, so that the list shows it at once. Whom a call or a visit was asked for has been called or visited. */
export function report({ order }: ObservedPerson, { celsius, symptoms, way, half }: ReportTold, asked: FollowUp[] = []): Promise<boolean> {
  const by = observed.value?.thresholds;
  const now = halfDayOf(serverNow());
  const said = by ? verdictOf(celsius, symptoms, by) : 'NOT_READ';
  const answered = answeredBy(said, way, asked).map(({ id, kind, outcome }) => ({
    said: { kind: 'FOLLOW_UP' as const, order, follow_up: id, asked: kind, outcome },
    about: { kind: 'FOLLOW_UP' as const, subject: id, said: outcome },
  }));
  return write([
    ...answered,
    {
      said: { kind: 'CHECK_IN', order, symptoms: [...symptoms], way, ...(celsius !== null && { celsius }), ...(half && { half }) },
      about: { kind: 'CHECK_IN', subject: order, said, day: now.day, half: half ?? now.half },
    },
  ]);
}

export function told({ order }: ObservedPerson): Promise<boolean> {
  return write([{ said: { kind: 'TOLD', order }, about: { kind: 'ORDER', subject: order, said: 'NOTIFIED' } }]);
}

/** `care`: the answers given at this door; null where he was asked before and comes back. */
export function placed(person: ObservedPerson, care: Partial<Record<CareKind, CareSaid>> | null): Promise<boolean> {
  const { order } = person;
  const said = isCaredFor(person, care) ? 'IN_PLACE' : 'BLOCKED';
  return write([{ said: { kind: 'PLACED', order, ...(care && { care }) }, about: { kind: 'ORDER', subject: order, said } }]);
}

export function broken({ order }: ObservedPerson, note: string): Promise<boolean> {
  const written = note.trim();
  return write([{ said: { kind: 'BROKEN', order, ...(written && { note: written }) }, about: { kind: 'ORDER', subject: order, said: 'BROKEN' } }]);
}

export function followedUp({ order }: ObservedPerson, { id, kind }: FollowUp, outcome: Outcome): Promise<boolean> {
  return write([{ said: { kind: 'FOLLOW_UP', order, follow_up: id, asked: kind, outcome }, about: { kind: 'FOLLOW_UP', subject: id, said: outcome } }]);
}
