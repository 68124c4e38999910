/** Emptying an outbox, whichever page it belongs to: one batch at a time, oldest first, never giving up. What it needs is handed in. */
import type { Reply } from '../api/client';
import type { WireError } from '../api/contract';
import { LONGEST_RECORD_PAUSE_MS, pauseAfter, pauseOfRecord } from './backoff';
import type { Row } from './rows';

export const LARGEST_BATCH = 100;

export interface CourierPorts<R extends Row, Answer> {
  next: (limit: number, now: number) => Promise<R[]>;
  nextRetryAt: () => Promise<number | null>;
  /** The token this batch travels under; null: none that the server would take. */
  token: (batch: R[]) => Promise<string | null>;
  post: (token: string, batch: R[]) => Promise<Reply<Answer>>;
  /** Apply the server's words; how many of the batch they were about. */
  settle: (batch: R[], answer: Answer) => Promise<number>;
  setAside: (id: string, error: WireError) => Promise<void>;
  postpone: (row: R, until: number) => Promise<void>;
  now: () => number;
  random: () => number;
}

/** What one step came to; `waitMs` is how long to leave the server alone before the next. */
export type Step =
  | { kind: 'SENT' }
  | { kind: 'EMPTY'; waitMs: number | null }
  | { kind: 'RETRY'; waitMs: number; reached: boolean; binding: boolean; error: WireError | null }
  | { kind: 'NO_ENROLMENT' }
  /** The server refused this token. */
  | { kind: 'ENROL_AGAIN' | 'REVOKED'; token: string };

type Refusal = Extract<Reply<unknown>, { kind: 'REFUSED' }>;

export class Courier<R extends Row, Answer> {
  private limit = LARGEST_BATCH;
  private failures = 0;

  constructor(private readonly ports: CourierPorts<R, Answer>) {}

  /** Send one batch and settle what the server answered. Hold the lock of the outbox meanwhile. */
  async step(): Promise<Step> {
    const batch = await this.ports.next(this.limit, this.ports.now());
    if (!batch.length) return this.nothingToSend();
    const token = await this.ports.token(batch);
    if (!token) return { kind: 'NO_ENROLMENT' };
    const reply = await this.ports.post(token, batch);
    if (reply.kind === 'OK') return this.accept(batch, reply.body);
    if (reply.kind === 'REFUSED') return this.refused(batch, token, reply);
    return this.pause({ reached: false, error: null });
  }

  private async nothingToSend(): Promise<Step> {
    const retryAt = await this.ports.nextRetryAt();
    if (retryAt === null) return { kind: 'EMPTY', waitMs: null };
    return { kind: 'EMPTY', waitMs: Math.min(LONGEST_RECORD_PAUSE_MS, Math.max(0, retryAt - this.ports.now())) };
  }

  private async accept(batch: R[], answer: Answer): Promise<Step> {
    if (!(await this.ports.settle(batch, answer))) {
      await this.isolate(batch);
      return this.pause({ reached: true, error: null });
    }
    this.failures = 0;
    this.limit = Math.min(LARGEST_BATCH, this.limit * 2);
    return { kind: 'SENT' };
  }

  private async refused(batch: R[], token: string, { status, error, retryAfterMs }: Refusal): Promise<Step> {
    // A proxy's or a portal's bare 400, 401 or 403 says nothing about this phone and its records; the server's own word does.
    const isOwnWord = !error.code.startsWith('HTTP_');
    if (isOwnWord && status === 401) return { kind: 'ENROL_AGAIN', token };
    if (isOwnWord && status === 403) return { kind: 'REVOKED', token };
    if (status === 429 || status === 503) return this.pause({ reached: true, error, askedMs: retryAfterMs });
    const aboutRecords = status === 413 || (status === 400 && isOwnWord);
    if (aboutRecords) return this.narrow(batch, error);
    // 502 and 504 come from a proxy while the server restarts: no record is to blame.
    if (status >= 500 && status !== 502 && status !== 504) await this.isolate(batch);
    return this.pause({ reached: true, error });
  }

  /** Too much, or something in it the server cannot read: halve until the one that spoils it stands alone. */
  private async narrow(batch: R[], error: WireError): Promise<Step> {
    if (batch.length > 1) {
      this.limit = Math.ceil(batch.length / 2);
      return { kind: 'RETRY', waitMs: 0, reached: true, binding: false, error: null };
    }
    await this.ports.setAside(batch[0]!.id, error);
    this.limit = LARGEST_BATCH;
    return { kind: 'SENT' };
  }

  /** The server fails or answers past us: ask for less, and let a record that fails it alone step aside for the ones behind it. */
  private async isolate(batch: R[]): Promise<void> {
    this.limit = Math.ceil(batch.length / 2);
    const [only] = batch;
    if (batch.length === 1 && only) await this.ports.postpone(only, this.ports.now() + pauseOfRecord(only.attempts));
  }

  private pause({ reached, error, askedMs = null }: { reached: boolean; error: WireError | null; askedMs?: number | null }): Step {
    this.failures += 1;
    const own = pauseAfter(this.failures, this.ports.random());
    return { kind: 'RETRY', waitMs: Math.max(own, askedMs ?? 0), reached, binding: askedMs !== null, error };
  }
}
