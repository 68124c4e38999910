/** The same in English; a missing sentence is a compile error. */
import type { Messages } from '../zh-Hans';
import { barrier } from './barrier';
import { device } from './device';
import { scanButton } from './scanButton';
import { scanner } from './scanner';
import { sealed } from './sealed';

export const en: Messages = { ...device, ...barrier, ...scanButton, ...sealed, ...scanner };
