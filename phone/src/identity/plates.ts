/** Vehicle plates, GA 36: read softly, because a plate must never hold up a checkpoint. */

export const PROVINCE_LETTERS = [...'辽京津沪渝冀豫云黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'];
/** I and O are never used: they look like 1 and 0. */
export const SERIAL_LETTERS = [...'ABCDEFGHJKLMNPQRSTUVWXYZ'];
export const SPECIAL_ENDINGS = [...'学挂警港澳领试超'];

const P = `[${PROVINCE_LETTERS.join('')}]`;
const L = '[A-HJ-NP-Z]';
const S = '[A-HJ-NP-Z0-9]';
const E = `[${SPECIAL_ENDINGS.join('')}]`;

const KNOWN_FORMS = [
  new RegExp(`^${P}${L}(?![DF]\\d{4}$)${S}{5}$`), // ordinary; D1234 and F1234 are new-energy plates with a digit missing
  new RegExp(`^${P}${L}${S}{4}${E}$`), // trailers, learners, police, Hong Kong and Macao
  new RegExp(`^${P}${L}[A-HJK]${S}\\d{4}$`), // new energy, small: 辽CD12345
  new RegExp(`^${P}${L}\\d{5}[A-HJK]$`), // new energy, large: 辽C12345D
  new RegExp(`^WJ${P}?\\d{4}${S}${E}?$`), // armed police
  /^([使领]\d{6}|\d{6}[使领])$/, // embassies and consulates, as they were and as they are since 2017
];

/** The key plates are compared by: half width, upper case, no dots, spaces or dashes. */
export function plateKey(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s·•・.\-]/g, '').toUpperCase();
}

/** False for plates of no known form; they are saved all the same and flagged for a second look. */
export function isKnownPlate(typed: string): boolean {
  const key = plateKey(typed);
  return KNOWN_FORMS.some((form) => form.test(key));
}

/** Whether one more character could still make another known plate of it: an ordinary one may be a new-energy one begun. */
export function mayGrow(typed: string): boolean {
  const key = plateKey(typed);
  return new RegExp(`^(WJ.{5}|${P}${L}([A-HJK]${S}\\d{3}|\\d{5}))$`).test(key);
}

/** 辽C·12345, as it stands on the car; anything of another form is shown as typed. */
export function displayPlate(typed: string): string {
  const key = plateKey(typed);
  return new RegExp(`^${P}${L}.`).test(key) ? `${key.slice(0, 2)}·${key.slice(2)}` : key;
}

/** What the officer probably meant where letters that no plate carries were typed (O for 0, I for 1); else null. */
export function suggestPlate(typed: string): string | null {
  const key = plateKey(typed);
  if (isKnownPlate(key) || !/[OI]/.test(key.slice(2))) return null;
  const meant = key.slice(0, 2) + key.slice(2).replace(/O/g, '0').replace(/I/g, '1');
  return isKnownPlate(meant) ? meant : null;
}

/** 辽C·1***5, for lists that others may look at. */
export function maskPlate(typed: string): string {
  const key = plateKey(typed);
  if (key.length < 5) return key;
  return displayPlate(key.slice(0, 3) + '*'.repeat(key.length - 4) + key.slice(-1));
}
