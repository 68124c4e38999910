/** The intake contract as the phone speaks it: names and meanings are the server's (docs/api.md). */
import type { DocumentType } from '../identity/documents';

export const TRANSPORTS = [
  'CAR',
  'TRUCK',
  'COACH',
  'BUS',
  'TAXI',
  'MOTORCYCLE',
  'TRAIN',
  'FOOT',
  'OTHER_VEHICLE',
  'OTHER',
] as const;
export type Transport = (typeof TRANSPORTS)[number];
export type Direction = 'IN' | 'OUT';
export type TemperatureSite = 'FOREHEAD' | 'WRIST' | 'EAR' | 'ARMPIT';
export type TemperatureState = 'READ' | 'LOW' | 'NOT_TAKEN';

export interface Bilingual {
  zh: string;
  en: string;
}

export interface WireError extends Bilingual {
  code: string;
}

/** A plain list that headquarters extends as data: symptoms, purposes. */
export interface Choice extends Bilingual {
  code: string;
}

export interface WireTemperature {
  celsius: number | null;
  site: TemperatureSite;
  state: TemperatureState;
  at?: string;
}

/** A place stayed in, both days inclusive. */
export interface WireStay {
  code: string;
  from: string;
  to: string;
}

/** What the phone told a traveller before the server could. */
export interface WireShown {
  rule_set: string;
  rows: string[];
  measures: string[];
}

export interface WirePerson {
  id: string;
  name?: string;
  sex?: 'F' | 'M';
  born_on?: string;
  nationality?: string;
  occupation?: string;
  document: { type: DocumentType; number?: string };
  guardian_id?: string;
  phone?: string;
  from_code?: string;
  stays?: WireStay[];
  destination?: { code?: string; address?: string };
  temperatures?: WireTemperature[];
  symptoms?: string[];
  case_contact?: boolean | null;
  /** Whether the person lives in this city. */
  resident?: boolean;
  answers?: Record<string, unknown>;
  shown?: WireShown;
}

export interface WirePassage {
  id: string;
  checkpoint: string;
  lane?: string;
  officer?: string;
  crew?: string[];
  direction: Direction;
  source: 'OFFICER' | 'DECLARATION';
  seq?: number;
  declaration_id?: string;
  transport: Transport;
  plate?: string;
  vehicle_note?: string;
  trip?: { number?: string; carriage?: string; seat?: string };
  roster_expected?: number;
  purpose?: string;
  occurred_at: string;
  people: WirePerson[];
}

export interface WireCorrection {
  id: string;
  of: string;
  fields: Record<string, unknown>;
  reason: string;
  officer?: string;
  occurred_at: string;
}

/** A record as the form makes it. */
export type ParcelItem =
  | { kind: 'PASSAGE'; passage: WirePassage }
  | { kind: 'CORRECTION'; correction: WireCorrection };

/** The same sealed for the city's server, as the outbox keeps and sends it; bytes are base64. */
export interface SealedItem {
  kind: 'SEALED';
  id: string;
  session: { key_id: string; wrapped_key: string };
  nonce: string;
  ciphertext: string;
}

export type WireItem = ParcelItem | SealedItem;

export interface Parcel {
  parcel_id: string;
  sent_at: string;
  clock_offset_ms?: number;
  device_seq?: number;
  items: WireItem[];
}

/** Strongest first, as the server orders them. */
export const MEASURE_KINDS = [
  'FEVER_CLINIC',
  'TURN_BACK_PROPOSED',
  'QUARANTINE',
  'RE_MEASURE',
  'NOTIFY_GRID',
  'REGISTER',
] as const;
export type MeasureKind = (typeof MEASURE_KINDS)[number];

export interface WireMeasure {
  kind: MeasureKind;
  place?: 'HOME' | 'FACILITY' | null;
  days?: number | null;
  row: string;
  say: Bilingual;
}

export type ReceiptStatus = 'ACCEPTED' | 'DUPLICATE' | 'CONFLICT' | 'SET_ASIDE';

export interface PersonReceipt {
  id: string;
  status: ReceiptStatus;
  flags: string[];
  measures: WireMeasure[];
  error?: WireError | null;
}

export interface Receipt {
  id: string;
  status: ReceiptStatus;
  flags: string[];
  received_at: string;
  people: PersonReceipt[];
  error?: WireError | null;
}

export interface ParcelAnswer {
  parcel_id: string;
  receipts: Receipt[];
}

export interface Division {
  code: string;
  name: string;
  parent: string | null;
}

export interface DivisionsAnswer {
  edition: string;
  divisions: Division[];
}

/** The id a receipt must carry to belong to this item. */
export function itemId(item: WireItem): string {
  if (item.kind === 'SEALED') return item.id;
  return item.kind === 'PASSAGE' ? item.passage.id : item.correction.id;
}
