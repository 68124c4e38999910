/** The register of places for the picker: fetched once for the page, villages when their township is opened. */
import { ref, shallowRef } from 'vue';
import { call } from '../api/client';
import type { Division, DivisionsAnswer } from '../api/contract';
import { Tree } from '../regions/tree';

const TOWNSHIP_DIGITS = 9;
const PATIENCE_MS = 60_000;

export const tree = shallowRef<Tree>(new Tree([]));
/** Places chosen in this form, the last first. */
export const chosen = ref<string[]>([]);

const known = new Map<string, Division>();
const asked = new Set<string>();

export async function loadPlaces(): Promise<void> {
  await add('/api/v1/divisions');
}

/** The villages of a township; without network the township will do. */
export async function loadVillages(code: string): Promise<void> {
  if (code.length === TOWNSHIP_DIGITS) await add(`/api/v1/divisions?under=${code}`);
}

async function add(path: string): Promise<void> {
  if (asked.has(path)) return;
  const reply = await call<DivisionsAnswer>(path, { timeoutMs: PATIENCE_MS });
  if (reply.kind !== 'OK' || !Array.isArray(reply.body.divisions)) return;
  asked.add(path);
  for (const { code, name, parent } of reply.body.divisions) known.set(code, { code, name, parent: parent || null });
  tree.value = new Tree([...known.values()]);
}

export function remember(code: string): void {
  chosen.value = [code, ...chosen.value.filter((one) => one !== code)].slice(0, 4);
}
