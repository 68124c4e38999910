/** What people read, Chinese first. Plain, short, polite; no exclamation marks. English says the same in ../en. */
import { barrier } from './barrier';
import { device } from './device';
import { form } from './form';

export const zhHans = { ...device, ...barrier, ...form };

export type Messages = typeof zhHans;
