/** What a traveller declares before the barrier, in the words of the intake contract (docs/api.md). */
import type { Transport } from '../api/contract';
import type { DocumentType } from '../identity/documents';

export const CONTENT_VERSION = 1;
/** A family in one car; a coach has a roster, in which everybody declares for themselves. */
export const MOST_PEOPLE = 20;

export type DeclarationKind = 'DECLARATION' | 'CARD';

const HOUR_MS = 3_600_000;
const LASTS_MS: Record<DeclarationKind, number> = { DECLARATION: 24 * HOUR_MS, CARD: 7 * 24 * HOUR_MS };

export interface DeclaredStay {
  code: string;
  /** Both days inclusive, YYYY-MM-DD. */
  from: string;
  to: string;
}

export interface DeclaredPerson {
  name?: string;
  document: { type: DocumentType; number?: string };
  born_on?: string;
  sex?: 'F' | 'M';
  nationality?: string;
  occupation?: string;
  phone?: string;
  /** The guardian's place in `people`. */
  guardian?: number;
  from_code?: string;
  stays?: DeclaredStay[];
  destination?: { code?: string; address?: string };
  /** Asked and none is an empty list. */
  symptoms?: string[];
  case_contact?: boolean;
  answers?: Record<string, unknown>;
}

export interface DeclarationContent {
  v: typeof CONTENT_VERSION;
  id: string;
  kind: DeclarationKind;
  made_at: string;
  checkpoint: string;
  seat?: string;
  roster?: string;
  transport?: Transport;
  plate?: string;
  purpose?: string;
  trip?: { number?: string; carriage?: string; seat?: string };
  people: DeclaredPerson[];
}

/** When it is good no more, in milliseconds: a day, or a week for a commuter's card. */
export function expiryOf(content: Pick<DeclarationContent, 'kind' | 'made_at'>): number {
  return Date.parse(content.made_at) + LASTS_MS[content.kind];
}
