/** What phone and server tell each other about the phone itself. */

import type { Choice } from './contract';

/** The public half of the key that the outbox is sealed to: an uncompressed point of P-256. */
export interface OutboxKey {
  id: string;
  public: string;
}

/** The private half of a checkpoint's key of the day, which opens travellers' codes. */
export interface WireReadingKey {
  id: string;
  checkpoint: string;
  from: string;
  until: string;
  private: string;
}

/** Headquarters asks this phone to forget; DROP takes the unsent records too. */
export interface WipeOrder {
  asked_at: string;
  outbox: 'KEEP' | 'DROP';
  reason: string;
}

export interface ClockIn {
  id: string;
  officer: string;
  lane: string;
  came_at: string;
  left_at?: string;
}

/** How this phone is: every field may be missing. */
export interface DeviceState {
  unsent?: number;
  set_aside?: number;
  oldest_unsent_at?: string;
  clock_offset_ms?: number;
  battery_percent?: number;
  storage_free_mb?: number;
  program?: string;
  rules?: string;
  lane?: string;
  officer?: string;
  wiped?: true;
  clock_ins?: ClockIn[];
}

export interface Checkpoint {
  code: string;
  name: string;
  lanes: number;
  tier: string;
  county: string;
}

export interface EnrolmentAnswer {
  token: string;
  device_id: string;
  checkpoint: Checkpoint;
  expires_at: string;
  outbox_key: OutboxKey;
}

export interface DeviceAnswer {
  device_id: string;
  checkpoint: Checkpoint;
  expires_at: string;
  server_time: string;
  rule_set: string;
  symptoms: Choice[];
  purposes: Choice[];
  pass_classes: Choice[];
  outbox_key: OutboxKey;
  reading_keys: WireReadingKey[];
  wipe: WipeOrder | null;
}
