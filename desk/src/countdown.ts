/** Elements with data-seconds count down to nothing, then show what data-over says. */
export function countDown(): void {
  for (const target of Array.from(document.querySelectorAll<HTMLElement>('[data-seconds]'))) {
    const end = performance.now() + Number(target.dataset.seconds) * 1000;
    const show = (): void => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      target.textContent = left > 0 ? minutes(left) : (target.dataset.over ?? '');
      target.classList.toggle('is-over', left === 0);
      if (left === 0) window.clearInterval(timer);
    };
    const timer = window.setInterval(show, 1000);
    show();
  }
}

/** 9:05 */
export function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
