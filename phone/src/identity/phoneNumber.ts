/** Telephone numbers as travellers say them: mobile numbers, with or without the country code, and landlines. */

/** Digits only, without +86 or 0086. */
export function tidyPhone(typed: string): string {
  const digits = typed.normalize('NFKC').replace(/[^\d+]/g, '');
  return digits.replace(/^(\+|00)86(?=\d)/, '');
}

export function isMobile(typed: string): boolean {
  return /^1[3-9]\d{9}$/.test(tidyPhone(typed));
}

/** Soft: a landline is taken too, foreign numbers keep their plus sign and are not judged. */
export function looksLikePhone(typed: string): boolean {
  const tidy = tidyPhone(typed);
  return isMobile(tidy) || /^0\d{2,3}\d{7,8}$/.test(tidy) || tidy.startsWith('+');
}
