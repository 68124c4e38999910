/** The requests the grid worker's page makes, by name. */
import { call, type Reply } from '../api/client';
import type { DivisionsAnswer } from '../api/contract';
import type { AnswersAnswer, DoorsAnswer, EnrolledAnswer, HouseholdsAnswer, WireAnswer } from './contract';
import type { ObservedAnswer } from './observed/contract';

/** In a stairwell an answer comes late or not at all. */
const PATIENCE_MS = 20_000;

export function enrol(code: string, pin: string): Promise<Reply<EnrolledAnswer>> {
  return call('/api/v1/roster-enrolments', { method: 'POST', body: { code, pin }, timeoutMs: PATIENCE_MS });
}

export function readDoors(token: string, pin: string): Promise<Reply<DoorsAnswer>> {
  return call('/api/v1/roster/doors', { method: 'POST', token, body: { pin }, timeoutMs: PATIENCE_MS });
}

export function readHouseholds(token: string, pin: string, after: string | null): Promise<Reply<HouseholdsAnswer>> {
  return call('/api/v1/roster/households', { method: 'POST', token, body: { pin, ...(after && { after }) }, timeoutMs: PATIENCE_MS });
}

export function readObserved(token: string, pin: string): Promise<Reply<ObservedAnswer>> {
  return call('/api/v1/roster/observed', { method: 'POST', token, body: { pin }, timeoutMs: PATIENCE_MS });
}

export function postAnswers(token: string, answers: WireAnswer[]): Promise<Reply<AnswersAnswer>> {
  return call('/api/v1/roster/answers', { method: 'POST', token, body: { answers }, timeoutMs: 30_000, unpacked: true });
}

export function readDivisions(under?: string): Promise<Reply<DivisionsAnswer>> {
  return call(`/api/v1/divisions${under ? `?under=${encodeURIComponent(under)}` : ''}`, { timeoutMs: 60_000 });
}
