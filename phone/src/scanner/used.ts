/** Which declarations this phone has used, by their ids alone: nothing here names anybody. */
import { readSetting, writeSetting } from '../storage/settings';

const KEY = 'usedDeclarations';
const MOST = 2_000;
const KEPT_MS = 7 * 86_400_000;

type Use = [id: string, at: number];

export async function usedAt(id: string): Promise<number | null> {
  const uses = await readUses();
  return uses.find(([used]) => used === id)?.[1] ?? null;
}

export async function noteUsed(id: string, at: number): Promise<void> {
  const uses = (await readUses()).filter(([used, when]) => used !== id && at - when < KEPT_MS);
  await writeSetting<Use[]>(KEY, [[id, at] as Use, ...uses].slice(0, MOST));
}

async function readUses(): Promise<Use[]> {
  return (await readSetting<Use[]>(KEY)) ?? [];
}
