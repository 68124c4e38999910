/** The page's own parts and words: sentences stand in its data-words, with {n} and {at} to be filled. */
export function part(name: string): HTMLElement {
  return document.querySelector<HTMLElement>(`[data-grid="${name}"]`)!;
}

export function say(name: string, values: Record<string, string | number>): void {
  const target = part(name);
  target.textContent = filled(target.dataset.words ?? '', values);
}

export function filled(words: string, values: Record<string, string | number>): string {
  return words.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

export function language(): string {
  return document.documentElement.lang.startsWith('en') ? 'en' : 'zh';
}

/** 2月10日, in Asia/Shanghai. */
export function day(moment: string): string {
  const english = language() === 'en';
  return new Date(moment).toLocaleString(english ? 'en-GB' : 'zh-CN', {
    timeZone: 'Asia/Shanghai',
    month: english ? 'short' : 'long',
    day: 'numeric',
  });
}

/** 2月10日 08:30, in Asia/Shanghai wherever the phone thinks it is. */
export function hours(moment: string): string {
  const shown = new Date(moment);
  return shown.toLocaleString(language() === 'en' ? 'en-GB' : 'zh-CN', {
    timeZone: 'Asia/Shanghai',
    month: language() === 'en' ? 'short' : 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });
}
