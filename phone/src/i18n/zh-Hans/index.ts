/** What people read, Chinese first. Plain, short, polite; no exclamation marks. English says the same in ../en. */
import { barrier } from './barrier';
import { cards } from './cards';
import { device } from './device';
import { readiness } from './readiness';
import { sealed } from './sealed';
import { shift } from './shift';

export const zhHans = { ...device, ...barrier, ...cards, ...readiness, ...sealed, ...shift };

export type Messages = typeof zhHans;
