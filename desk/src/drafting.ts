/** The table editor: what belongs to the chosen measure is shown, the phone's card says what is typed, nothing is lost by leaving. */

export function draftRules(): void {
  document.querySelectorAll<HTMLFormElement>('form[data-row-form]').forEach((form) => {
    showWhatBelongs(form, form.querySelector('select[name="kind"]'));
    showOnThePhone(form);
    askBeforeLeaving(form);
  });
  document.querySelectorAll<HTMLFormElement>('form[data-question-form]').forEach((form) => {
    showWhatBelongs(form, form.querySelector('select[name="kind"]'));
    askBeforeLeaving(form);
  });
  document.querySelectorAll<HTMLElement>('.condition').forEach(hideWhatIsNotAsked);
}

/** data-for="QUARANTINE": shown while that is chosen. Without scripts everything is shown, and what does not belong is left out on saving. */
function showWhatBelongs(form: HTMLFormElement, choice: HTMLSelectElement | null): void {
  if (!choice) return;
  const show = (): void => {
    form.querySelectorAll<HTMLElement>('[data-for]').forEach((part) => {
      part.hidden = part.dataset.for !== choice.value;
    });
  };
  choice.addEventListener('change', show);
  show();
}

/** Operators that ask for no value: nobody said, or any at all. */
const WITHOUT_VALUE = ['MISSING', 'ANY'];

export function asksForValue(operator: string): boolean {
  return !WITHOUT_VALUE.includes(operator);
}

function hideWhatIsNotAsked(condition: HTMLElement): void {
  const operator = condition.querySelector<HTMLSelectElement>('select');
  const parts = condition.querySelectorAll<HTMLElement>('.condition__what, .condition__days');
  if (!operator) return;
  const show = (): void => parts.forEach((part) => (part.hidden = !asksForValue(operator.value)));
  operator.addEventListener('change', show);
  show();
}

function showOnThePhone(form: HTMLFormElement): void {
  const kind = form.querySelector<HTMLSelectElement>('select[name="kind"]');
  form.querySelectorAll<HTMLTextAreaElement>('[data-say]').forEach((box) => {
    const said = form.querySelector<HTMLElement>(`[data-said="${box.dataset.say ?? ''}"]`);
    box.addEventListener('input', () => {
      if (said) said.textContent = box.value;
    });
  });
  kind?.addEventListener('change', () => {
    form.querySelectorAll<HTMLElement>('[data-face]').forEach((face) => {
      face.hidden = face.dataset.face !== kind.value;
    });
  });
}

function askBeforeLeaving(form: HTMLFormElement): void {
  let typed = false;
  form.addEventListener('input', () => (typed = true));
  form.addEventListener('submit', () => (typed = false));
  window.addEventListener('beforeunload', (event) => {
    if (typed) event.preventDefault();
  });
}
