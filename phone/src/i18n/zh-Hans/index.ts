/** What people read, Chinese first. Plain, short, polite; no exclamation marks. English says the same in ../en. */
import { barrier } from './barrier';
import { device } from './device';
import { scanner } from './scanner';
import { sealed } from './sealed';

export const zhHans = { ...device, ...barrier, ...scanner, ...sealed };

export type Messages = typeof zhHans;
