/** The driver's side: a list that passengers join by its code, and how it fills. */
import { computed, reactive } from 'vue';
import { call } from '../api/client';
import { CONTENT_VERSION } from '../declaration/content';
import { sealed } from '../declaration/seal';
import { toBase64 } from '../declaration/base64';
import { mintId } from '../identity/uuid7';
import { plateKey } from '../identity/plates';
import type { Bilingual } from '../api/contract';
import { shanghaiMoment } from './declaration';
import { checkpointInAddress, facts, now, refreshFacts } from './facts';
import { keep, kept } from './memory';

export const MOST_ABOARD = 500;

export interface Coach {
  expected: string;
  plate: string;
  tripNumber: string;
  code: string;
  expiresAt: number;
}

export interface Count {
  expected: number;
  declared: number;
  people: number;
  seats: string[];
}

const empty = (): Coach => ({ expected: '', plate: '', tripNumber: '', code: '', expiresAt: 0 });

export const coach = reactive<Coach>({ ...empty(), ...(kept<Coach>('coach') ?? {}) });
export const fill = reactive<{ count: Count | null; reached: boolean; refused: Bilingual | null }>({ count: null, reached: true, refused: null });

export const expected = computed(() => Number(coach.expected.normalize('NFKC')));
export const expectsPeople = computed(() => Number.isInteger(expected.value) && expected.value >= 1 && expected.value <= MOST_ABOARD);

/** The address passengers open. */
export function linkForPassengers(): string {
  return `${location.origin}${location.pathname}#r=${coach.code}`;
}

/** Seats of the coach that nobody has named yet; letters and doubles are left to the driver. */
export function missingSeats(count: Count): number[] {
  const taken = new Set(count.seats.map((seat) => Number(seat.replace(/\D/g, ''))));
  return Array.from({ length: count.expected }, (_, i) => i + 1).filter((seat) => !taken.has(seat));
}

/** True once the list stands. It needs the network: the list is where passengers meet. */
export async function openRoster(): Promise<boolean> {
  await refreshFacts();
  const known = facts.value;
  if (!known) return false;
  const body = { checkpoint: checkpointInAddress(), expected: expected.value, sealed: toBase64(await sealed(driversWords(), known.key)) };
  const reply = await call<{ code: string; expires_at: string }>('/api/v1/rosters', { method: 'POST', body, unpacked: true });
  fill.reached = reply.kind !== 'UNREACHABLE';
  fill.refused = reply.kind === 'REFUSED' ? reply.error : null;
  if (reply.kind !== 'OK') return false;
  Object.assign(coach, { code: reply.body.code, expiresAt: Date.parse(reply.body.expires_at) });
  keep('coach', coach);
  return true;
}

/** A declaration of nobody: what the driver says about the coach. */
function driversWords() {
  const trip = coach.tripNumber.trim();
  return {
    v: CONTENT_VERSION as typeof CONTENT_VERSION,
    id: mintId(now()),
    kind: 'DECLARATION' as const,
    made_at: shanghaiMoment(now()),
    checkpoint: checkpointInAddress(),
    transport: 'COACH' as const,
    plate: plateKey(coach.plate) || undefined,
    trip: trip ? { number: trip } : undefined,
    people: [],
  };
}

export async function countAgain(): Promise<void> {
  const reply = await call<Count>(`/api/v1/rosters/${coach.code}`);
  fill.reached = reply.kind !== 'UNREACHABLE';
  fill.refused = reply.kind === 'REFUSED' ? reply.error : null;
  if (reply.kind === 'OK') fill.count = reply.body;
}

export function forgetCoach(): void {
  Object.assign(coach, empty());
  fill.count = null;
}
