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

export async function dropSetting(key: string): Promise<void> {
  await database.settings.delete(key);
}

/** Change a setting by what it was, in one transaction: two tabs do not undo each other. */
export async function changeSetting<T>(key: string, change: (was: T | null) => T): Promise<void> {
  await database.transaction('rw', database.settings, async () => {
    await writeSetting(key, change(await readSetting<T>(key)));
  });
}

/** How far a counter has come: 0 at first. */
export async function readNumber(counter: string): Promise<number> {
  return (await readSetting<number>(counter)) ?? 0;
}

export async function writeNumber(counter: string, number: number): Promise<void> {
  await database.settings.put({ key: counter, value: number });
}

/** 1, 2, 3 … without gaps; call it inside the transaction that uses the number. */
export async function nextNumber(counter: string): Promise<number> {
  const next = (await readNumber(counter)) + 1;
  await writeNumber(counter, next);
  return next;
}
