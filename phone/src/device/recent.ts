/** What was chosen last comes first: places, purposes, occupations, the first characters of numbers and plates, officers' own numbers. No traveller's data. */
import { reactive } from 'vue';
import { readSetting, writeSetting } from '../storage/settings';

const KEPT = 8;
const KEY = 'recent';

export const recent = reactive({
  from: [] as string[],
  to: [] as string[],
  purpose: [] as string[],
  idPrefix: [] as string[],
  officer: [] as string[],
  platePrefix: [] as string[],
  occupation: [] as string[],
});

export type RecentKind = keyof typeof recent;

export async function loadRecent(): Promise<void> {
  Object.assign(recent, await readSetting<Partial<typeof recent>>(KEY));
}

export function remember(kind: RecentKind, value: string): void {
  if (!value || recent[kind][0] === value) return;
  recent[kind] = [value, ...recent[kind].filter((known) => known !== value)].slice(0, KEPT);
  void writeSetting(KEY, recent);
}

/** The list with the recently chosen ones moved to its head. */
export function recentFirst<T>(kind: RecentKind, all: readonly T[], valueOf: (one: T) => string): T[] {
  const rank = new Map(recent[kind].map((value, place) => [value, place]));
  const place = (one: T) => rank.get(valueOf(one)) ?? KEPT;
  return [...all].sort((a, b) => place(a) - place(b));
}
