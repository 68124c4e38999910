/** What a reading needs of the rest of the phone: the form it fills, the keys it opens with, the clock, the server. */
import type { Reply } from '../api/client';
import type { SealedDeclaration } from '../api/declared';
import type { DeclarationContent } from '../declaration/content';
import type { FindKeys } from '../declaration/open';
import type { PersonReading } from './idLine';

export interface FormPorts {
  fillFromDeclaration(declaration: DeclarationContent, now: number): void;
  fillPerson(reading: PersonReading): void;
  fillPlate(plate: string): void;
  /** Whether the vehicle in the form was filled from this declaration already. */
  holds(declarationId: string): boolean;
}

export interface ReceivePorts {
  form: FormPorts;
  findKeys: FindKeys;
  /** The code of the checkpoint this phone serves. */
  checkpoint(): string;
  /** The phone's own clock, and the same as the server would say it. */
  now(): number;
  serverNow(): number;
  /** When this phone used the declaration before, or null. */
  usedAt(id: string): Promise<number | null>;
  noteUsed(id: string, at: number): Promise<void>;
  fetchDeclaration(shortCode: string): Promise<Reply<SealedDeclaration>>;
}
