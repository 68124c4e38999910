/** The scanner's Chinese words come with it: the form does not carry them. English ones are all fetched together. */
import { i18n } from '../i18n';
import { scanner } from '../i18n/zh-Hans/scanner';

i18n.global.mergeLocaleMessage('zh-Hans', scanner);
