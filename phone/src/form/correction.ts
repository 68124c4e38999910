/** What an officer changed in a record the server already has: one correction for each record, only the changed fields. Pure. */
import type { WireCorrection, WirePassage, WirePerson } from '../api/contract';
import { mintId } from '../identity/uuid7';
import { canonical } from '../screening/content';

export const CORRECTION_REASONS = ['MISTYPED', 'TRAVELLER', 'LATER'] as const;
export type CorrectionReason = (typeof CORRECTION_REASONS)[number];

export interface CorrectionContext {
  /** The sentence kept with the correction, in the officer's language. */
  reason: string;
  officer: string;
  occurredAt: string;
}

/** The passage header and each person are records of their own. Fields that were emptied are sent as null. */
export function corrections(before: WirePassage, after: WirePassage, context: CorrectionContext): WireCorrection[] {
  const changes = [{ of: before.id, fields: changedFields(header(before), header(after)) }];
  for (const person of before.people) {
    const now = after.people.find((one) => one.id === person.id);
    if (now) changes.push({ of: person.id, fields: changedFields(facts(person), facts(now)) });
  }
  return changes.filter(({ fields }) => Object.keys(fields).length).map((change) => ({ ...change, ...frame(context) }));
}

function frame({ reason, officer, occurredAt }: CorrectionContext): Omit<WireCorrection, 'of' | 'fields'> {
  const signed = officer.trim() ? { officer: officer.trim() } : {};
  return { id: mintId(), reason, ...signed, occurred_at: occurredAt };
}

/** What the form shows of a passage; where, when and by whom it was taken stays as it was. */
function header(passage: WirePassage): Record<string, unknown> {
  const { direction, transport, plate, vehicle_note, trip, roster_expected, purpose } = passage;
  return { direction, transport, plate, vehicle_note, trip, roster_expected, purpose };
}

/** What was told at the barrier was told; nobody can correct that. */
function facts(person: WirePerson): Record<string, unknown> {
  const { shown: _, ...typed } = person;
  return typed;
}

/** The record as it was first sent, with the people who were added since; null when nobody was. */
export function withAdded(before: WirePassage, after: WirePassage): WirePassage | null {
  const known = new Set(before.people.map((person) => person.id));
  const added = after.people.filter((person) => !known.has(person.id));
  return added.length ? { ...before, people: [...before.people, ...added] } : null;
}

function changedFields(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => canonical(before[name] ?? null) !== canonical(after[name] ?? null));
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]));
}
