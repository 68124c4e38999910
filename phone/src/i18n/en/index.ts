/** The same in English; a missing sentence is a compile error. */
import type { Messages } from '../zh-Hans';
import { barrier } from './barrier';
import { device } from './device';
import { scanner } from './scanner';

export const en: Messages = { ...device, ...barrier, ...scanner };
