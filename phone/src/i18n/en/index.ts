/** The same in English; a missing sentence is a compile error. */
import type { Messages } from '../zh-Hans';
import { barrier } from './barrier';
import { cards } from './cards';
import { device } from './device';
import { form } from './form';
import { readiness } from './readiness';
import { rules } from './rules';
import { scanButton } from './scanButton';
import { scanner } from './scanner';
import { sealed } from './sealed';
import { shift } from './shift';

export const en: Messages = { ...device, ...barrier, ...cards, ...form, ...readiness, ...rules, ...scanButton, ...sealed, ...shift, ...scanner };
