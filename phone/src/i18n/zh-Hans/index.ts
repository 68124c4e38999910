/** What people read, Chinese first. Plain, short, polite; no exclamation marks. English says the same in ../en. */
import { barrier } from './barrier';
import { cards } from './cards';
import { device } from './device';
import { form } from './form';
import { readiness } from './readiness';
import { scanButton } from './scanButton';
import { rules } from './rules';
import type { scanner } from './scanner';
import { sealed } from './sealed';
import { shift } from './shift';

export const zhHans = { ...device, ...barrier, ...cards, ...form, ...readiness, ...rules, ...scanButton, ...sealed, ...shift };

/** With the scanner's words, which come with the scanner (scanner/words.ts). */
export type Messages = typeof zhHans & typeof scanner;
