/** What people read, Chinese first. Plain, short, polite; no exclamation marks. English says the same in ../en. */
import { barrier } from './barrier';
import { cards } from './cards';
import { device } from './device';
import { readiness } from './readiness';
import { shift } from './shift';

export const zhHans = { ...device, ...barrier, ...cards, ...readiness, ...shift };

export type Messages = typeof zhHans;
