/** The officer's outbox emptied: parcels of records, each settled by its own receipt. What it needs is handed in. */
import type { Reply } from '../api/client';
import type { Parcel, ParcelAnswer } from '../api/contract';
import { mintId } from '../identity/uuid7';
import { nextRetryAt } from './byState';
import { Courier, type Step } from './courier';
import type { OutboxEntry } from './entry';
import { readReceipts } from './receipts';
import * as store from './store';

export type { Step } from './courier';

export interface SenderPorts {
  token: () => Promise<string | null>;
  post: (token: string, parcel: Parcel) => Promise<Reply<ParcelAnswer>>;
  /** What the parcel's envelope says besides its items. */
  envelope: () => Promise<Pick<Parcel, 'clock_offset_ms' | 'device_seq'>>;
  now: () => number;
  random: () => number;
}

export class Sender {
  private readonly courier: Courier<OutboxEntry, ParcelAnswer>;

  constructor(private readonly ports: SenderPorts) {
    this.courier = new Courier({
      next: store.nextUnsent,
      nextRetryAt,
      token: ports.token,
      post: async (token, batch) => ports.post(token, await this.pack(batch)),
      settle: (batch, answer) => this.settle(batch, answer),
      setAside: store.setAside,
      postpone: store.postpone,
      now: ports.now,
      random: ports.random,
    });
  }

  /** Send one batch and settle what the server answered. Hold the lock of the outbox meanwhile. */
  step(): Promise<Step> {
    return this.courier.step();
  }

  private async pack(batch: OutboxEntry[]): Promise<Parcel> {
    const now = this.ports.now();
    const items = batch.map((entry) => entry.item!);
    return { parcel_id: mintId(now), sent_at: new Date(now).toISOString(), ...(await this.ports.envelope()), items };
  }

  private async settle(batch: OutboxEntry[], answer: ParcelAnswer): Promise<number> {
    const verdicts = readReceipts(batch, answer);
    if (verdicts.length) await store.settle(verdicts, this.ports.now());
    return verdicts.length;
  }
}
