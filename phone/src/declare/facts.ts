/** What the server tells before anybody declares: whose checkpoint, the key of the day, the time, the lists, the notice. */
import { ref } from 'vue';
import { call } from '../api/client';
import type { Bilingual, Choice } from '../api/contract';
import type { DeclaringKey } from '../declaration/seal';
import { keep, kept } from './memory';

export interface Retention {
  what: Bilingual;
  why: Bilingual;
  until: Bilingual;
  after: Bilingual;
}

export interface Facts {
  checkpoint: { code: string; name: string; county: string };
  key: DeclaringKey;
  card_key: DeclaringKey;
  server_time: string;
  purposes: Choice[];
  symptoms: Choice[];
  notice: { retention: Retention[]; privacy: string };
}

/** The server's clock minus the phone's: a demo may live in another month, and phones are set wrong. */
interface KeptFacts {
  facts: Facts;
  offset: number;
}

const PATIENCE_MS = 12_000;

export const facts = ref<Facts | null>(null);
export const state = ref<'LOADING' | 'READY' | 'UNREACHABLE' | 'UNKNOWN'>('LOADING');
let offset = 0;

/** The server's time, in milliseconds. */
export function now(): number {
  return Date.now() + offset;
}

export function checkpointInAddress(): string {
  return decodeURIComponent(location.pathname.split('/').pop() ?? '');
}

/** From the server, or as they were before a reload. */
export async function loadFacts(): Promise<void> {
  const before = kept<KeptFacts>('facts');
  if (before) use(before);
  else state.value = 'LOADING';
  await refreshFacts();
}

/** Asked again before sealing: the key of the day may be another by now. Without network the last one is good. */
export async function refreshFacts(patienceMs: number = PATIENCE_MS): Promise<void> {
  const asked = Date.now();
  const reply = await call<Facts>(`/api/v1/declaring/${encodeURIComponent(checkpointInAddress())}`, { timeoutMs: patienceMs });
  if (reply.kind === 'OK') {
    const halfway = (asked + Date.now()) / 2;
    const found = { facts: reply.body, offset: Date.parse(reply.body.server_time) - halfway };
    keep('facts', found);
    use(found);
  } else if (!facts.value) {
    state.value = reply.kind === 'REFUSED' && reply.status === 404 ? 'UNKNOWN' : 'UNREACHABLE';
  }
}

function use(found: KeptFacts): void {
  facts.value = found.facts;
  offset = found.offset;
  state.value = 'READY';
}
