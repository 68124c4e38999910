/** Moments as the worker reads them: always Asia/Shanghai. Pure. */
import { shanghaiDate, shanghaiTime } from '../clock/shanghai';
import type { Language } from '../device/preferences';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 2月10日 08:30, 10 Feb 08:30; today only 08:30. Empty for what is no moment. */
export function momentOf(at: number | string | null, language: Language, now: number = Date.now()): string {
  const moment = typeof at === 'string' ? Date.parse(at) : (at ?? NaN);
  if (Number.isNaN(moment)) return '';
  const time = shanghaiTime(moment);
  return shanghaiDate(moment) === shanghaiDate(now) ? time : `${dayOf(shanghaiDate(moment), language)} ${time}`;
}

/** 2月10日, 10 Feb, of 2020-02-10. */
export function dayOf(date: string, language: Language): string {
  const [, month = 1, day = 1] = date.split('-').map(Number);
  return language === 'en' ? `${day} ${MONTHS[month - 1]}` : `${month}月${day}日`;
}
