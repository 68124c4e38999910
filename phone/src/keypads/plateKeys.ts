/** The two faces of the plate keypad. Six columns of 56 px fill a 360 px screen. Pure. */
import { plateKey, PROVINCE_LETTERS, SERIAL_LETTERS } from '../identity/plates';

export type PlateFace = 'PROVINCES' | 'SERIAL';

/** Anshan and Jinzhou first: most cars at these checkpoints begin so, and one key is two characters. */
const AT_HOME = ['辽C', '辽G', '辽A'];
/** Embassies and armed police have no province. */
const WITHOUT_PROVINCE = ['使', 'WJ'];

/** How many beginnings the first row holds. */
const BEGINNINGS = 6;

/** Home first, then what was typed lately, then every province. */
export function provinceKeys(recent: readonly string[]): string[] {
  const beginnings = [...new Set([...AT_HOME, ...recent.filter((one) => one.length === 2)])].slice(0, BEGINNINGS);
  return [...new Set([...beginnings, ...PROVINCE_LETTERS, ...WITHOUT_PROVINCE])];
}
export const SERIAL_KEYS = [...'1234567890', ...SERIAL_LETTERS];
export const ENDING_KEYS = [...'挂学警港澳使领'];

/** An empty field wants a province, one that has a province wants the rest. */
export function faceFor(typed: string): PlateFace {
  return plateKey(typed) ? 'SERIAL' : 'PROVINCES';
}

/** 学, 挂, 警 … only ever end a plate. */
export function offersEndings(typed: string): boolean {
  return plateKey(typed).length >= 6;
}
