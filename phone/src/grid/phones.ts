/** What this phone is and was: every enrolment whose answers still wait keeps its token, which delivers them even after it expired. */
import { shallowRef } from 'vue';
import type { OutboxKey } from '../api/device';
import { mintId } from '../identity/uuid7';
import { isUsable } from '../outbox/sealing';
import type { EnrolledAnswer } from './contract';
import { database, settings } from './database';

export interface GridPhone {
  id: string;
  token: string;
  division: string;
  name: string;
  expiresAt: number;
  enrolledAt: number;
  /** What answers are sealed to; missing until the server gave one. */
  outboxKey?: OutboxKey | null;
  /** The server takes nothing under this token any more. */
  refused?: 'ENROL_AGAIN' | 'REVOKED';
}

const CURRENT = 'current';
const CODE = /^#([2-9A-HJ-NP-Z]{10})$/i;

/** The enrolment in force; null before the first and after the phone was handed on. */
export const phone = shallowRef<GridPhone | null>(null);

export async function readPhone(): Promise<GridPhone | null> {
  const id = await settings.read<string>(CURRENT);
  return (id && (await database.phones.get(id))) || null;
}

export async function loadPhone(): Promise<void> {
  phone.value = await readPhone();
}

/** Call it inside the transaction that writes its vault. */
export async function keepPhone({ token, division, expires_at }: EnrolledAnswer, at: number): Promise<void> {
  const made: GridPhone = { id: mintId(at), token, division: division.code, name: division.name, expiresAt: Date.parse(expires_at), enrolledAt: at };
  await database.phones.put(made);
  await settings.write(CURRENT, made.id);
}

/** What the server tells of the enrolment with each list. A key that is none changes nothing. */
export async function amendPhone(id: string, told: { name: string; expires_at: string; outbox_key: OutboxKey | null }): Promise<void> {
  const outboxKey = (await isUsable(told.outbox_key)) ? { outboxKey: told.outbox_key } : {};
  const expiresAt = Date.parse(told.expires_at);
  await database.phones.update(id, { name: told.name, ...(Number.isNaN(expiresAt) ? {} : { expiresAt }), ...outboxKey });
  await loadPhone();
}

/** Handed on: nothing is read in its name any more; what it wrote is still delivered. */
export async function leavePhone(): Promise<void> {
  await settings.drop(CURRENT);
  phone.value = null;
}

export async function noteRefused(token: string, refused: GridPhone['refused']): Promise<void> {
  await database.phones.filter((one) => one.token === token).modify({ refused });
  await loadPhone();
}

/** Its own token, else that of a newer enrolment for the same grid, which may deliver for it. Null: it waits. */
export async function tokenFor(phoneId: string): Promise<string | null> {
  const all = await database.phones.toArray();
  const own = all.find((one) => one.id === phoneId);
  if (!own) return (await readPhone())?.token ?? null;
  if (!own.refused) return own.token;
  const others = all.filter((one) => one.division === own.division && !one.refused);
  return others.sort((a, b) => b.enrolledAt - a.enrolledAt)[0]?.token ?? null;
}

/** Tokens that nothing waits for any more. */
export async function forgetFormer(): Promise<void> {
  await database.transaction('rw', database.phones, database.outbox, database.settings, async () => {
    const current = await settings.read<string>(CURRENT);
    for (const { id } of await database.phones.toArray()) {
      const waits = await database.outbox.where('phone').equals(id).filter(({ item }) => item !== null).count();
      if (id !== current && !waits) await database.phones.delete(id);
    }
  });
}

/** 西柳村 of 辽宁省鞍山市海城市西柳镇西柳村: whoever walks it knows the rest. Names end below the township. */
export function shortName(name: string): string {
  return /(?:镇|乡|街道)([^镇乡]+)$/.exec(name)?.[1]?.trim() ?? name;
}

/** The code in the invitation's link (…/grid/#CODE), taken out of the address at once. */
export function takeCode(): string {
  const code = CODE.exec(location.hash)?.[1];
  if (!code) return '';
  history.replaceState(history.state, '', location.pathname);
  return code.toUpperCase();
}
