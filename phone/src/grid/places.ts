/** The register of places on a grid worker's phone. */
import { Register } from '../regions/keeping';
import { database } from './database';
import { readDivisions } from './requests';

const TOWNSHIP_DIGITS = 9;

const register = new Register({
  stored: (key) => database.divisions.get(key),
  keep: (answer) => database.divisions.put(answer),
  ask: readDivisions,
});

export const { tree } = register;
export const loadPlaces = (): Promise<void> => register.load();

/** Villages are fetched when their township is opened; without network the township will do. */
export async function deepen(code: string): Promise<void> {
  if (code.length === TOWNSHIP_DIGITS) await register.loadVillages(code);
}
