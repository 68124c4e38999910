/** Emptying the outbox: one batch at a time, oldest first, never giving up. What it needs is handed in. */
import type { Reply } from '../api/client';
import type { Parcel, ParcelAnswer, ParcelItem, WireError } from '../api/contract';
import { mintId } from '../identity/uuid7';
import { pauseAfter, pauseOfRecord } from './backoff';
import type { OutboxEntry } from './entry';
import { readReceipts } from './receipts';
import * as store from './store';

export const LARGEST_BATCH = 100;

export interface SenderPorts {
  token: () => Promise<string | null>;
  post: (token: string, parcel: Parcel) => Promise<Reply<ParcelAnswer>>;
  /** What the parcel's envelope says besides its items. */
  envelope: () => Promise<Pick<Parcel, 'clock_offset_ms' | 'device_seq'>>;
  now: () => number;
  random: () => number;
}

/** What one step came to; `waitMs` is how long to leave the server alone before the next. */
export type Step =
  | { kind: 'SENT' }
  | { kind: 'EMPTY'; waitMs: number | null }
  | { kind: 'RETRY'; waitMs: number; reached: boolean; binding: boolean; error: WireError | null }
  | { kind: 'NO_ENROLMENT' | 'ENROL_AGAIN' | 'REVOKED' };

type Refusal = Extract<Reply<ParcelAnswer>, { kind: 'REFUSED' }>;

export class Sender {
  private limit = LARGEST_BATCH;
  private failures = 0;

  constructor(private readonly ports: SenderPorts) {}

  /** Send one batch and settle what the server answered. Hold the lock of the outbox meanwhile. */
  async step(): Promise<Step> {
    const token = await this.ports.token();
    const batch = await store.nextUnsent(this.limit, this.ports.now());
    if (!batch.length) return this.nothingToSend();
    if (!token) return { kind: 'NO_ENROLMENT' };
    const reply = await this.ports.post(token, await this.pack(batch));
    if (reply.kind === 'OK') return this.accept(batch, reply.body);
    if (reply.kind === 'REFUSED') return this.refused(batch, reply);
    return this.pause({ reached: false, error: null });
  }

  private async nothingToSend(): Promise<Step> {
    const retryAt = await store.nextRetryAt();
    return { kind: 'EMPTY', waitMs: retryAt === null ? null : Math.max(0, retryAt - this.ports.now()) };
  }

  private async pack(batch: OutboxEntry[]): Promise<Parcel> {
    const now = this.ports.now();
    const items = itemsOf(batch);
    return { parcel_id: mintId(now), sent_at: new Date(now).toISOString(), ...(await this.ports.envelope()), items };
  }

  private async accept(batch: OutboxEntry[], answer: ParcelAnswer): Promise<Step> {
    const verdicts = readReceipts(itemsOf(batch), answer);
    if (!verdicts.length) {
      await this.isolate(batch);
      return this.pause({ reached: true, error: null });
    }
    await store.settle(verdicts, this.ports.now());
    this.failures = 0;
    this.limit = Math.min(LARGEST_BATCH, this.limit * 2);
    return { kind: 'SENT' };
  }

  private async refused(batch: OutboxEntry[], { status, error, retryAfterMs }: Refusal): Promise<Step> {
    if (status === 401) return { kind: 'ENROL_AGAIN' };
    if (status === 403) return { kind: 'REVOKED' };
    if (status === 429 || status === 503) return this.pause({ reached: true, error, askedMs: retryAfterMs });
    // A proxy's bare 400 says nothing about the records; the server's own word does.
    const aboutRecords = status === 413 || (status === 400 && !error.code.startsWith('HTTP_'));
    if (aboutRecords) return this.narrow(batch, error);
    // 502 and 504 come from a proxy while the server restarts: no record is to blame.
    if (status >= 500 && status !== 502 && status !== 504) await this.isolate(batch);
    return this.pause({ reached: true, error });
  }

  /** Too much, or something in it the server cannot read: halve until the one that spoils it stands alone. */
  private async narrow(batch: OutboxEntry[], error: WireError): Promise<Step> {
    if (batch.length > 1) {
      this.limit = Math.ceil(batch.length / 2);
      return { kind: 'RETRY', waitMs: 0, reached: true, binding: false, error: null };
    }
    await store.setAside(batch[0]!.id, error);
    this.limit = LARGEST_BATCH;
    return { kind: 'SENT' };
  }

  /** The server fails or answers past us: ask for less, and let a record that fails it alone step aside for the ones behind it. */
  private async isolate(batch: OutboxEntry[]): Promise<void> {
    this.limit = Math.ceil(batch.length / 2);
    const [only] = batch;
    if (batch.length === 1 && only) await store.postpone(only, this.ports.now() + pauseOfRecord(only.attempts));
  }

  private pause({ reached, error, askedMs = null }: { reached: boolean; error: WireError | null; askedMs?: number | null }): Step {
    this.failures += 1;
    const own = pauseAfter(this.failures, this.ports.random());
    return { kind: 'RETRY', waitMs: Math.max(own, askedMs ?? 0), reached, binding: askedMs !== null, error };
  }
}

function itemsOf(batch: OutboxEntry[]): ParcelItem[] {
  return batch.map((entry) => entry.item!);
}
