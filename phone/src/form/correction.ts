/** What an officer changed in a record the server already has: one correction for each record, only the changed fields. Pure. */
import type { WireCorrection, WirePassage } from '../api/contract';
import { mintId } from '../identity/uuid7';

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
    if (now) changes.push({ of: person.id, fields: changedFields({ ...person }, { ...now }) });
  }
  return changes.filter(({ fields }) => Object.keys(fields).length).map((change) => ({ ...change, ...frame(context) }));
}

function frame({ reason, officer, occurredAt }: CorrectionContext): Omit<WireCorrection, 'of' | 'fields'> {
  const signed = officer.trim() ? { officer: officer.trim() } : {};
  return { id: mintId(), reason, ...signed, occurred_at: occurredAt };
}

/** What the form shows of a passage; where, when and by whom it was taken stays as it was. */
function header(passage: WirePassage): Record<string, unknown> {
  const { direction, transport, plate, vehicle_note, trip, purpose } = passage;
  return { direction, transport, plate, vehicle_note, trip, purpose };
}

function changedFields(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]));
}
