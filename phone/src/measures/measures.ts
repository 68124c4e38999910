/** The product's face: word, shape, colour and vibration of a measure, and which of several leads. */
import { MEASURE_KINDS, type MeasureKind, type PersonReceipt, type Receipt, type WireMeasure, type WirePassage } from '../api/contract';
import { maskName } from '../identity/documents';
import type { ToldMeasure } from './told';

/** Milliseconds of buzzing and pause: told apart in a glove's pocket. */
export const VIBRATIONS: Record<MeasureKind, number[]> = {
  REGISTER: [80],
  RE_MEASURE: [80, 120, 80],
  NOTIFY_GRID: [80, 120, 80, 120, 80],
  QUARANTINE: [400, 150, 400],
  FEVER_CLINIC: [600, 150, 600, 150, 600],
  TURN_BACK_PROPOSED: [200, 100, 200, 100, 600],
};

/** Strongest first, whatever order they came in. Kinds this version does not know come last. */
export function strongestFirst<T extends ToldMeasure>(measures: T[]): T[] {
  return [...measures].sort((a, b) => placeOf(a) - placeOf(b));
}

function placeOf({ kind }: ToldMeasure): number {
  return MEASURE_KINDS.includes(kind) ? MEASURE_KINDS.indexOf(kind) : MEASURE_KINDS.length;
}

/** Strongest first, and "register, pass" only where it stands alone: beside a stronger one it reads as leave to drive on. */
export function measuresToShow<T extends ToldMeasure>(measures: T[]): T[] {
  const [lead, ...others] = strongestFirst(measures);
  return lead ? [lead, ...others.filter((one) => one.kind !== 'REGISTER')] : [];
}

export interface PersonMeasures {
  id: string;
  /** As the officer may show it: 王**, or empty when no name was typed. */
  label: string;
  lead: WireMeasure | null;
  others: WireMeasure[];
}

/**
 * For each person of a passage, in the order of the form, what was decided: by the phone or by the server. Of a record of
 * which only the sealed form is left: in the order of the decisions, without names.
 */
export function measuresOf(passage: WirePassage | null, decided: ReadonlyMap<string, WireMeasure[]>): PersonMeasures[] {
  const people: { id: string; name?: string }[] = passage?.people ?? [...decided.keys()].map((id) => ({ id }));
  return people.map((person) => {
    const [lead, ...others] = measuresToShow(decided.get(person.id) ?? []);
    return { id: person.id, label: maskName(person.name ?? ''), lead: lead ?? null, others };
  });
}

/** The server's word, by person. */
export function answeredBy(receipt: Receipt): Map<string, WireMeasure[]> {
  return new Map(receipt.people.map((person) => [person.id, person.measures]));
}

/** Whether somebody in this receipt must not simply drive on. */
export function needsAct(receipt: Receipt): boolean {
  return receipt.people.some(mustNotPass);
}

export function mustNotPass(person: PersonReceipt): boolean {
  const lead = leadOf(person);
  return lead !== null && lead !== 'REGISTER';
}

export function leadOf(person: PersonReceipt): MeasureKind | null {
  return strongestFirst(person.measures)[0]?.kind ?? null;
}

export function vibrate(kind: MeasureKind): void {
  navigator.vibrate?.(VIBRATIONS[kind] ?? VIBRATIONS.REGISTER);
}
