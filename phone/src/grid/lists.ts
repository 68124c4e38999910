/** The doors of the day, who is observed, and the households, as the server gave them last: sealed on the phone, open in memory while somebody works. */
import { computed, ref, shallowRef } from 'vue';
import { liveQuery } from 'dexie';
import type { Reply } from '../api/client';
import type { Bilingual } from '../api/contract';
import { sealWaiting, type AnswerRow } from './answers';
import { learnTime } from './clock';
import type { DoorsAnswer, Household, HouseholdsAnswer } from './contract';
import { database } from './database';
import type { ObservedAnswer } from './observed/contract';
import { amendPhone, noteRefused, readPhone, type GridPhone } from './phones';
import { readDoors, readHouseholds, readObserved } from './requests';
import { link } from './sending';
import { bySubject } from './standing';
import { eraseVault, keepList, opened, readList } from './vault';

export interface HouseholdList {
  as_of: string;
  households: Household[];
}

const DOORS = 'doors';
const HOUSEHOLDS = 'households';
const OBSERVED = 'observed';
/** No grid has a hundred pages of two hundred. */
const MOST_PAGES = 100;

export const doors = shallowRef<DoorsAnswer | null>(null);
export const households = shallowRef<HouseholdList | null>(null);
export const observed = shallowRef<ObservedAnswer | null>(null);
export const loading = ref(false);
/** What the server said when it gave no list; null when it gave one, or was not reached. */
export const refusal = shallowRef<(Bilingual & { code: string }) | null>(null);

const answers = shallowRef<AnswerRow[]>([]);
export const said = computed(() => bySubject(answers.value));

/** Answers show at once, in every tab. */
export function followAnswers(): void {
  liveQuery(() => database.outbox.toArray()).subscribe((rows) => (answers.value = rows));
}

/** From the phone's own store, without network. */
export async function openLists(): Promise<void> {
  const key = opened.value?.key;
  if (!key) return;
  doors.value = await readList<DoorsAnswer>(key, DOORS);
  households.value = await readList<HouseholdList>(key, HOUSEHOLDS);
  observed.value = await readList<ObservedAnswer>(key, OBSERVED);
}

export function closeLists(): void {
  doors.value = null;
  households.value = null;
  observed.value = null;
  opened.value = null;
}

/** Ask the server for all lists. Without network what stands here stands. */
export async function refresh(): Promise<void> {
  const [known, current] = [opened.value, await readPhone()];
  if (!known || !current || loading.value) return;
  loading.value = true;
  try {
    if (!(await refreshDoors(current, known))) return;
    await refreshObserved(current, known);
    await refreshHouseholds(current, known);
  } finally {
    loading.value = false;
  }
}

type Known = NonNullable<typeof opened.value>;

async function refreshDoors(current: GridPhone, { key, pin }: Known): Promise<boolean> {
  const askedAt = Date.now();
  const reply = await readDoors(current.token, pin);
  link.reached = reply.kind !== 'UNREACHABLE';
  if (reply.kind !== 'OK') return refused(current, reply);
  if (!Array.isArray(reply.body.doors)) return false;
  refusal.value = null;
  await learnTime(reply.body.server_time, askedAt, Date.now());
  const { division, expires_at, outbox_key } = reply.body;
  await amendPhone(current.id, { name: division.name, expires_at, outbox_key });
  await sealWaiting().catch(() => undefined);
  await keepList(key, DOORS, reply.body);
  if (opened.value) doors.value = reply.body;
  return true;
}

async function refreshObserved(current: GridPhone, { key, pin }: Known): Promise<void> {
  const reply = await readObserved(current.token, pin);
  if (reply.kind !== 'OK' || !Array.isArray(reply.body.people)) return;
  await keepList(key, OBSERVED, reply.body);
  if (opened.value) observed.value = reply.body;
}

async function refreshHouseholds(current: GridPhone, { key, pin }: Known): Promise<void> {
  const found: Household[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const reply: Reply<HouseholdsAnswer> = await readHouseholds(current.token, pin, after);
    if (reply.kind !== 'OK' || !Array.isArray(reply.body.households)) return;
    found.push(...reply.body.households);
    after = reply.body.after;
    if (!after) {
      const list: HouseholdList = { as_of: reply.body.as_of, households: found };
      await keepList(key, HOUSEHOLDS, list);
      if (opened.value) households.value = list;
      return;
    }
  }
}

/** The end of the token and the end of the phone take the lists along; anything else is said and passes. */
export async function refused(current: GridPhone, reply: Reply<unknown>): Promise<false> {
  if (reply.kind !== 'REFUSED') return false;
  refusal.value = reply.error;
  const { code } = reply.error;
  if (code === 'ROSTER_REVOKED' || code === 'ROSTER_LOCKED') await noteRefused(current.token, 'REVOKED');
  const isOver = ['ROSTER_REVOKED', 'ROSTER_LOCKED', 'ROSTER_EXPIRED', 'ROSTER_UNKNOWN'].includes(code);
  if (isOver) await eraseVault();
  if (isOver) closeLists();
  return false;
}
