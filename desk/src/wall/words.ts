/** The wall's words come with the page, in the reader's language; figures and clocks are written here. */
const source: DOMStringMap = { ...document.getElementById('words')?.dataset, ...document.getElementById('states')?.dataset };
const lists = new Map(
  Array.from(document.querySelectorAll<HTMLTemplateElement>('template[data-list]')).map((list) => [
    list.dataset.list ?? '',
    new Map(Array.from(list.content.querySelectorAll('data')).map((word) => [word.value, word.textContent ?? ''])),
  ]),
);

/** A sentence of the page, with {name} filled in. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  const text = source[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}

/** The word for a code of a closed list; a code that is not known stands as it is. */
export function word(list: string, code: string): string {
  return lists.get(list)?.get(code) ?? code;
}

export function figure(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

export function share(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)}%` : '';
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
