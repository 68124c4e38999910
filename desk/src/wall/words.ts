/** The wall's words come with the page, in the reader's language; figures and clocks are written here. */
const source = document.getElementById('words')?.dataset ?? {};

/** A sentence of the page, with {name} filled in. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  const text = source[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}

export function figure(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

const clockOf = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(document.documentElement.lang || 'zh-Hans', { timeZone: 'Asia/Shanghai', ...options });

const CLOCK = clockOf({ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const DAY = clockOf({ month: 'long', day: 'numeric', weekday: 'long' });

export const clock = (moment: number): string => CLOCK.format(moment).replace(/^24/, '00');
export const day = (moment: number): string => DAY.format(moment);

/** 刚刚, 12 分钟前, 3 小时前, 2 天前. */
export function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return say('justNow');
  if (minutes < 60) return say('minutesAgo', { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? say('hoursAgo', { n: hours }) : say('daysAgo', { n: Math.floor(hours / 24) });
}
