/** Small things kept under a name: the enrolment, the choices of this phone, counters. */
import { database } from './database';
import { plain } from './plain';

export async function readSetting<T>(key: string): Promise<T | null> {
  const row = await database.settings.get(key);
  return (row?.value as T | undefined) ?? null;
}

export async function writeSetting<T>(key: string, value: T): Promise<void> {
  await database.settings.put({ key, value: plain(value) });
}

/** 1, 2, 3 … without gaps; call it inside the transaction that uses the number. */
export async function nextNumber(counter: string): Promise<number> {
  const next = ((await readSetting<number>(counter)) ?? 0) + 1;
  await database.settings.put({ key: counter, value: next });
  return next;
}
