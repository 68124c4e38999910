/**
 * The last trip of a plate or a document, for 24 hours: how many, why, from where to where, and the kinds of documents.
 * No name, number or plate is kept: the key is an HMAC under a key that was made on this phone and cannot be read out of it.
 */
import type { Transport, WirePassage, WirePerson } from '../api/contract';
import type { DocumentType } from '../identity/documents';
import { tidyNumber } from '../identity/residentId';
import { database } from '../storage/database';

export interface LastPerson {
  documentType: DocumentType;
  fromCode: string;
  toCode: string;
}

export interface LastTrip {
  at: number;
  transport: Transport;
  purpose: string;
  people: LastPerson[];
}

export interface StoredTrip extends LastTrip {
  key: string;
}

export const KEPT_MS = 24 * 3_600_000;
const SECRET = 'prefillSecret';

export function lastTripOfPlate(plateKey: string, now: number): Promise<LastTrip | null> {
  return find(`plate ${plateKey}`, now);
}

export function lastTripOfDocument(type: DocumentType, number: string, now: number): Promise<LastTrip | null> {
  return find(`document ${type} ${tidyNumber(number)}`, now);
}

/** Note a saved car under its plate and under each document; what is older than a day goes. */
export async function rememberTrip(passage: WirePassage, now: number): Promise<void> {
  const trip = { at: now, transport: passage.transport, purpose: passage.purpose ?? '' };
  const people = passage.people.map(toLastPerson);
  const rows: StoredTrip[] = [];
  if (passage.plate && people.length) rows.push({ ...trip, people, key: await hide(`plate ${passage.plate}`) });
  for (const [place, { document }] of passage.people.entries()) {
    if (!document.number) continue;
    rows.push({ ...trip, people: [people[place]!], key: await hide(`document ${document.type} ${document.number}`) });
  }
  await database.prefill.bulkPut(rows);
  await database.prefill.where('at').belowOrEqual(now - KEPT_MS).delete();
}

function toLastPerson(person: WirePerson): LastPerson {
  return { documentType: person.document.type, fromCode: person.from_code ?? '', toCode: person.destination?.code ?? '' };
}

async function find(known: string, now: number): Promise<LastTrip | null> {
  const trip = await database.prefill.get(await hide(known));
  return trip && now - trip.at < KEPT_MS ? trip : null;
}

async function hide(known: string): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', await secret(), new TextEncoder().encode(known));
  return [...new Uint8Array(mac)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Two tabs that both make one end up with the one that was stored. */
async function secret(): Promise<CryptoKey> {
  const stored = await database.settings.get(SECRET);
  if (stored) return stored.value as CryptoKey;
  const made = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  await database.settings.add({ key: SECRET, value: made }).catch(() => undefined);
  return ((await database.settings.get(SECRET))?.value as CryptoKey | undefined) ?? made;
}
