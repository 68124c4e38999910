/** What people read, Chinese first. Plain, short, polite; no exclamation marks. English says the same in ../en. */
import { barrier } from './barrier';
import { device } from './device';
import { scanButton } from './scanButton';
import type { scanner } from './scanner';
import { sealed } from './sealed';

export const zhHans = { ...device, ...barrier, ...scanButton, ...sealed };

/** With the scanner's words, which come with the scanner (scanner/words.ts). */
export type Messages = typeof zhHans & typeof scanner;
