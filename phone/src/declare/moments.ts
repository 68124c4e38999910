/** 2月11日 08:30, or Feb 11, 08:30. */
import { shanghaiDate, shanghaiTime } from '../clock/shanghai';
import type { Language } from './language';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function moment(at: number, language: Language): string {
  return `${dayOf(at, language)}${language === 'en' ? ',' : ''} ${shanghaiTime(at)}`;
}

/** 2月11日, or Feb 11. */
export function dayOf(at: number, language: Language): string {
  const [, month, day] = shanghaiDate(at).split('-').map(Number) as [number, number, number];
  return language === 'en' ? `${MONTHS[month - 1]} ${day}` : `${month}月${day}日`;
}
