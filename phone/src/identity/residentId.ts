/** Resident identity numbers, GB 11643-1999: region (6), birth date (8), sequence (3), check (1). */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';

/**
 * First two digits that were ever issued: GB/T 2260 provinces, and 81-83 for residence permits of
 * people from Hong Kong, Macao and Taiwan. County codes are not judged: they are for life, and many are abolished.
 */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
);

export type ResidentIdFault = 'LENGTH' | 'FIRST_GENERATION' | 'CHARACTERS' | 'REGION' | 'DATE' | 'FUTURE' | 'CHECK';

export type ResidentIdReading =
  | { valid: true; number: string; bornOn: string; sex: 'F' | 'M' }
  | { valid: false; number: string; fault: ResidentIdFault };

/** Upper case, half width, without spaces. */
export function tidyNumber(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s·.-]/g, '').toUpperCase();
}

/** The birth date and sex that the number carries, or the first thing wrong with it. `on` is a date, 2020-02-10. */
export function readResidentId(typed: string, on: string): ResidentIdReading {
  const number = tidyNumber(typed);
  const fault = findFault(number, on);
  if (fault) return { valid: false, number, fault };
  return { valid: true, number, bornOn: birthDate(number), sex: Number(number[16]) % 2 ? 'M' : 'F' };
}

/** The check character that belongs to the first 17 digits (ISO 7064 MOD 11-2). */
export function checkCharacter(body: string): string {
  const sum = WEIGHTS.reduce<number>((total, weight, place) => total + weight * Number(body[place]), 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

function findFault(number: string, on: string): ResidentIdFault | null {
  if (/^\d{15}$/.test(number)) return 'FIRST_GENERATION';
  if (number.length !== 18) return 'LENGTH';
  if (!/^\d{17}[\dX]$/.test(number)) return 'CHARACTERS';
  if (!PROVINCES.has(issuingProvince(number))) return 'REGION';
  if (!isCalendarDate(birthDate(number))) return 'DATE';
  if (checkCharacter(number) !== number[17]) return 'CHECK';
  return birthDate(number) > on ? 'FUTURE' : null;
}

/** Foreigners' permanent residence cards of 2023 put a 9 before the province. */
function issuingProvince(number: string): string {
  return number.startsWith('9') ? number.slice(1, 3) : number.slice(0, 2);
}

function birthDate(number: string): string {
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
}

/** Whether 2020-02-30 and its like exist. */
export function isCalendarDate(date: string): boolean {
  const moment = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(date);
}
