/** The register of divisions, kept on the phone after the first load; the villages of a township when they are asked for. */
import { ref, shallowRef } from 'vue';
import { readDivisions } from '../api/requests';
import type { Division } from '../api/contract';
import { readEnrolment } from '../device/enrolment';
import { database, type StoredDivisions } from '../storage/database';
import { Tree } from './tree';

const WHOLE_COUNTRY = 'ALL';
const FRESH_MS = 24 * 3_600_000;

export const tree = shallowRef<Tree>(new Tree([]));
export const edition = ref('');

const known = new Map<string, Division>();
const askedTownships = new Set<string>();

/** Show what is stored, then ask again once a day. Call it when the form already stands. */
export async function loadRegister(): Promise<void> {
  const stored = await database.divisions.get(WHOLE_COUNTRY);
  if (stored) add(stored);
  if (!stored || Date.now() - stored.fetchedAt > FRESH_MS) await fetchInto(WHOLE_COUNTRY);
}

/** The villages under a township: from the phone if it has them, else from the server; without network the township will do. */
export async function loadVillages(township: string): Promise<void> {
  if (askedTownships.has(township)) return;
  const stored = await database.divisions.get(township);
  if (stored) add(stored);
  if (stored || (await fetchInto(township))) askedTownships.add(township);
}

async function fetchInto(key: string): Promise<boolean> {
  const token = (await readEnrolment())?.token;
  if (!token) return false;
  const reply = await readDivisions(token, key === WHOLE_COUNTRY ? undefined : key);
  if (reply.kind !== 'OK' || !Array.isArray(reply.body.divisions)) return false;
  const divisions = reply.body.divisions.map(({ code, name, parent }) => ({ code, name, parent: parent || null }));
  const answer: StoredDivisions = { key, edition: reply.body.edition, fetchedAt: Date.now(), divisions };
  await database.divisions.put(answer);
  add(answer);
  return true;
}

function add(answer: StoredDivisions): void {
  for (const division of answer.divisions) known.set(division.code, division);
  if (answer.key === WHOLE_COUNTRY) edition.value = answer.edition;
  tree.value = new Tree([...known.values()]);
}
