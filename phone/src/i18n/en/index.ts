/** The same in English; a missing sentence is a compile error. */
import type { Messages } from '../zh-Hans';
import { barrier } from './barrier';
import { device } from './device';
import { form } from './form';

export const en: Messages = { ...device, ...barrier, ...form };
