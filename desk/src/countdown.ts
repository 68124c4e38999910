/** Elements with data-seconds count down to nothing, then show what data-over says. With data-words they say {h} and {m}. */
export function countDown(): void {
  for (const target of Array.from(document.querySelectorAll<HTMLElement>('[data-seconds]'))) {
    const end = performance.now() + Number(target.dataset.seconds) * 1000;
    const show = (): void => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      target.textContent = left > 0 ? said(left, target.dataset.words) : (target.dataset.over ?? '');
      target.classList.toggle('is-over', left === 0);
      if (left === 0) window.clearInterval(timer);
    };
    const timer = window.setInterval(show, 1000);
    show();
  }
}

function said(seconds: number, words: string | undefined): string {
  return words === undefined ? minutes(seconds) : hours(seconds, words);
}

/** "{h} 小时 {m} 分" → 2 小时 13 分 */
export function hours(seconds: number, words: string): string {
  return words.replace('{h}', String(Math.floor(seconds / 3600))).replace('{m}', String(Math.floor((seconds % 3600) / 60)));
}

/** 9:05 */
export function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
