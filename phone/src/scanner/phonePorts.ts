/** The real phone behind the scanner: its form, its keys, its clock, its server. */
import { readDeclaration } from '../api/requests';
import { enrolment, readEnrolment } from '../device/enrolment';
import { facts } from '../device/facts';
import { readingKey } from '../device/readingKeys';
import type { OpeningKey } from '../declaration/open';
import { fillFromDeclaration, fillPerson } from '../form/fill';
import { desk } from '../form/session';
import { displayPlate } from '../identity/plates';
import { closePad } from '../keypads/pad';
import type { FormPorts, ReceivePorts } from './ports';
import { noteUsed, usedAt } from './used';

/** Which declarations went into which vehicle, while this page is open. */
const held = new Map<string, Set<string>>();

const form: FormPorts = {
  fillFromDeclaration(declaration, now) {
    fillFromDeclaration(declaration, now);
    held.set(desk.car.id, (held.get(desk.car.id) ?? new Set()).add(declaration.id));
  },
  fillPerson,
  fillPlate(plate) {
    closePad();
    Object.assign(desk.car, { plate: displayPlate(plate), noPlate: false });
  },
  holds: (id) => held.get(desk.car.id)?.has(id) ?? false,
};

export function serverNow(): number {
  return Date.now() + (facts.clockOffsetMs ?? 0);
}

/** A phone keeps the keys of the checkpoint it serves. */
export async function findKeys(id: string): Promise<OpeningKey[]> {
  const pair = await readingKey(id, serverNow());
  return pair && enrolment.value ? [{ checkpoint: enrolment.value.checkpoint.code, pair }] : [];
}

export const phonePorts: ReceivePorts = {
  form,
  findKeys,
  checkpoint: () => enrolment.value?.checkpoint.code ?? '',
  now: Date.now,
  serverNow,
  usedAt,
  noteUsed,
  fetchDeclaration: async (shortCode) => readDeclaration((await readEnrolment())?.token ?? '', shortCode),
};
