/** What a text is that a camera, a scanner gun or a reader of identity cards hands over. Pure. */
import { isKnownPlate, plateKey } from '../identity/plates';
import { readIdLine, type PersonReading } from './idLine';

export type Reading =
  | { kind: 'DECLARATION'; text: string }
  | { kind: 'ENROLMENT'; code: string }
  | { kind: 'ROSTER'; code: string }
  | { kind: 'SHORT_CODE'; code: string }
  | { kind: 'PERSON'; person: PersonReading }
  | { kind: 'PLATE'; plate: string }
  | { kind: 'UNKNOWN' };

/** `on` is today, 2020-02-10. */
export function classify(text: string, on: string): Reading {
  const read = text.trim();
  // Nothing but line ends may go from a code's text: a space is one of its 45 characters.
  if (/^LF1[:/]/.test(read)) return { kind: 'DECLARATION', text: text.replace(/^\s+|[\r\n\t]+$/g, '') };
  return link(read) ?? shortCode(read) ?? person(read, on) ?? plate(read) ?? { kind: 'UNKNOWN' };
}

/** Addresses are never opened: only the code in them is used, and only with this phone's own server. */
function link(text: string): Reading | null {
  const enrolment = /\/phone\/?#enrol=([^&\s]+)$/.exec(text)?.[1];
  if (enrolment) return { kind: 'ENROLMENT', code: decoded(enrolment) };
  const roster = /\/d\/[^/#?\s]+\/?#r=([^&\s]+)$/.exec(text)?.[1];
  return roster ? { kind: 'ROSTER', code: decoded(roster) } : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function shortCode(text: string): Reading | null {
  const code = text.normalize('NFKC').replace(/\s/g, '');
  return /^\d{6}$/.test(code) ? { kind: 'SHORT_CODE', code } : null;
}

function person(text: string, on: string): Reading | null {
  const reading = readIdLine(text, on);
  return reading && { kind: 'PERSON', person: reading };
}

export function plate(text: string): Reading | null {
  return isKnownPlate(text) ? { kind: 'PLATE', plate: plateKey(text) } : null;
}
