/** What the server hands a device of travellers' declarations: sealed as their makers sealed them, in base64. */

export interface SealedDeclaration {
  id: string;
  kind: string;
  people: number;
  sealed: string;
}

export interface RosterLine {
  id: string;
  seat: string;
  people: number;
  sealed: string;
}

export interface RosterAnswer {
  expected: number;
  /** The driver's own words. */
  sealed: string | null;
  declarations: RosterLine[];
}
