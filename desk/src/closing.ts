/** Closing a shift: the difference between hand count and records is said while somebody types, and asks for its reason. */

export interface Tally {
  vehicles: number;
  people: number;
}

/** What was counted by hand beyond the records; null until both boxes hold a number. */
export function difference(vehicles: string, people: string, recorded: Tally): Tally | null {
  if (!isCount(vehicles) || !isCount(people)) return null;
  return { vehicles: Number(vehicles) - recorded.vehicles, people: Number(people) - recorded.people };
}

const isCount = (text: string): boolean => /^\s*\d+\s*$/.test(text);

/** +3, −2, 0. */
export function signed(value: number): string {
  if (value === 0) return '0';
  return (value > 0 ? '+' : '−') + Math.abs(value).toLocaleString('en-US');
}

export function watchClosings(): void {
  document.querySelectorAll<HTMLFormElement>('form[data-closing]').forEach(watch);
}

function watch(form: HTMLFormElement): void {
  const counts = form.querySelector<HTMLElement>('[data-counts]');
  const said = form.querySelector<HTMLElement>('[data-difference]');
  const reason = form.querySelector<HTMLElement>('[data-explanation]');
  if (!counts || !said || !reason) return;
  const recorded = { vehicles: Number(form.dataset.vehicles), people: Number(form.dataset.people) };
  const box = (name: string): HTMLInputElement | null => form.querySelector(`input[name="${name}"]`);

  const show = (): void => {
    const zero = form.querySelector<HTMLInputElement>('input[name="report"]:checked')?.value === 'ZERO';
    counts.hidden = zero;
    // What is not shown is not sent either: a count left behind would contradict the zero report.
    for (const name of ['vehicles', 'people']) box(name)!.disabled = zero;
    const found = zero
      ? null
      : difference(box('vehicles')?.value ?? '', box('people')?.value ?? '', recorded);
    const differs = found !== null && (found.vehicles !== 0 || found.people !== 0);
    said.hidden = found === null;
    said.classList.toggle('is-over', differs);
    said.textContent = differs
      ? (said.dataset.words ?? '')
          .replace('{vehicles}', signed(found.vehicles))
          .replace('{people}', signed(found.people))
      : (said.dataset.same ?? '');
    reason.hidden = !differs && !box('explanation')?.value && !reason.querySelector('.field__error');
  };
  form.addEventListener('input', show);
  form.addEventListener('change', show);
  show();
}

/** A button that prints, where scripts run; without them the browser's own menu does. */
export function offerPrinting(): void {
  document.querySelectorAll<HTMLButtonElement>('[data-print]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  });
}
