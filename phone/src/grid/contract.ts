/** What a grid worker's phone and the server tell each other: names and meanings are the server's (docs/api.md). */
import type { Bilingual, MeasureKind, ReceiptStatus, SealedItem } from '../api/contract';
import type { OutboxKey } from '../api/device';
import type { OrderSaid, OrderState, Verdict } from './observed/contract';

/** The answers given at a door, in the order of the buttons. */
export const ANSWERS = ['ARRIVED', 'NOT_HERE', 'WRONG_ADDRESS', 'MOVED_ON'] as const;
export type Answer = (typeof ANSWERS)[number];
export type ReferralState = 'SENT' | 'ACCEPTED' | Answer | 'OUTSIDE' | 'WITHDRAWN';

export const OCCUPANCIES = ['OCCUPIED', 'RENTED', 'VACANT', 'MOVED'] as const;
export type Occupancy = (typeof OCCUPANCIES)[number];
export const STAY_STATES = ['PRESENT', 'AWAY', 'RETURNED', 'QUARANTINED', 'HOSPITALISED', 'MOVED_OUT'] as const;
export type StayState = (typeof STAY_STATES)[number];

export interface Grid {
  code: string;
  name: string;
}

export interface EnrolledAnswer {
  token: string;
  division: Grid;
  expires_at: string;
}

export interface DoorMeasure {
  kind: MeasureKind;
  place?: 'HOME' | 'FACILITY' | null;
  days?: number | null;
  say: Bilingual;
}

export interface DoorPerson {
  referral: string;
  name: string;
  sex?: 'F' | 'M' | null;
  age?: number | null;
  phone: string;
  /** As the person gave it. */
  address: string;
  state: ReferralState;
  urgent: boolean;
  late: boolean;
  due_at: string | null;
  sent_at: string;
  measures: DoorMeasure[];
  checkpoint: string;
  registered_at: string;
  from: string;
  guardian?: string | null;
  /** People of the same vehicle in this grid. */
  party: number;
  answered?: { kind: string; at: string } | null;
}

export interface Door {
  household: string | null;
  code: string | null;
  address: string;
  people: DoorPerson[];
}

export interface DoorsAnswer {
  division: Grid;
  as_of: string;
  expires_at: string;
  server_time: string;
  outbox_key: OutboxKey;
  doors: Door[];
  /** There are more people than are listed. */
  more: boolean;
}

export interface Resident {
  person: string;
  name: string;
  sex?: 'F' | 'M' | null;
  age?: number | null;
  phone: string;
  relation: string;
  state: StayState;
  remarks: string[];
}

export interface Household {
  id: string;
  code: string;
  address: string;
  occupancy: Occupancy;
  verified_on: string | null;
  stale: boolean;
  residents: Resident[];
}

export interface HouseholdsAnswer {
  division: Grid;
  as_of: string;
  households: Household[];
  after: string | null;
}

/** What is said of somebody handed over, of a household, of somebody in it. */
export type DoorSaid =
  | { kind: 'REFERRAL'; referral: string; answer: Answer | 'ACCEPTED'; destination?: string; address?: string; note?: string }
  | { kind: 'HOUSEHOLD'; household: string; act: 'VERIFIED' | 'OCCUPANCY'; occupancy?: Occupancy }
  | { kind: 'STAY'; household: string; person: string; state: StayState };

/** What a grid worker says, as it is before it is sealed. */
export type PlainAnswer = { id: string; occurred_at: string; clock_offset_ms?: number } & (DoorSaid | OrderSaid);

export type WireAnswer = PlainAnswer | SealedItem;

export interface AnswerReceipt {
  id: string;
  status: ReceiptStatus;
  /** One of the three: of the referral, of the order, or what a report says. */
  state?: ReferralState | null;
  order_state?: OrderState | null;
  verdict?: Verdict | null;
  late?: boolean;
  code?: string | null;
  say?: Bilingual | null;
}

export interface AnswersAnswer {
  server_time: string;
  receipts: AnswerReceipt[];
}
