/** Small things of the officer's page: the enrolment, the choices of this phone, counters. */
import { database } from './database';
import { Kept } from './kept';

const kept = new Kept(database.settings);

export const readSetting = <T>(key: string): Promise<T | null> => kept.read<T>(key);
export const writeSetting = <T>(key: string, value: T): Promise<void> => kept.write(key, value);
export const dropSetting = (key: string): Promise<void> => kept.drop(key);

/** Change a setting by what it was, in one transaction: two tabs do not undo each other. */
export const changeSetting = <T>(key: string, change: (was: T | null) => T): Promise<void> => kept.change(key, change);

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
