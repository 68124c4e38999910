/** Typing paper in with the keyboard alone: Enter goes on, Ctrl+Enter saves, and what is odd is said at once, never refused. */
import { isKnownPlate, plateKey } from '../../phone/src/identity/plates';
import { readResidentId, type ResidentIdFault } from '../../phone/src/identity/residentId';

const FLAGS: Record<ResidentIdFault, string> = {
  LENGTH: 'DOCUMENT_LENGTH',
  FIRST_GENERATION: 'DOCUMENT_FIRST_GENERATION',
  CHARACTERS: 'DOCUMENT_CHARSET',
  REGION: 'DOCUMENT_REGION',
  DATE: 'DOCUMENT_DATE',
  FUTURE: 'DOCUMENT_DATE',
  CHECK: 'DOCUMENT_CHECKSUM',
};
const SAME_AS_ABOVE = /^([同"″〃“”]上?|SAME|DITTO)$/;
const NO_PLATE = /^(无|没|未|暂无|不详|不明).{0,3}$/;

/** The flag that a plate will get, as the intake reads it; null for a known form, for none, and for “same as above”. */
export function plateFlag(typed: string): string | null {
  const key = plateKey(typed);
  return !key || SAME_AS_ABOVE.test(key) || NO_PLATE.test(key) || isKnownPlate(key) ? null : 'PLATE_ODD';
}

/** The flag that a resident's number will get; other documents have no check character. */
export function documentFlag(typed: string, type: string, on: string): string | null {
  if (!typed.trim() || type !== 'RESIDENT_ID') return null;
  const reading = readResidentId(typed, on);
  return reading.valid ? null : FLAGS[reading.fault];
}

export function typeWithKeys(): void {
  document.querySelectorAll<HTMLFormElement>('form[data-typing]').forEach((form) => {
    form.addEventListener('keydown', (event) => onKey(form, event));
    form.querySelectorAll<HTMLInputElement>('input[data-check]').forEach((box) => sayAtOnce(form, box));
    goOnTyping(form);
  });
}

function onKey(form: HTMLFormElement, event: KeyboardEvent): void {
  if (event.altKey && event.key.toLowerCase() === 'n') return press(form, '[data-more]', event);
  if (event.key !== 'Enter' || event.isComposing || !(event.target instanceof HTMLElement)) return;
  if (event.ctrlKey || event.metaKey) return press(form, '[data-save]', event);
  if (event.target instanceof HTMLButtonElement) return;
  event.preventDefault();
  const boxes = Array.from(form.querySelectorAll<HTMLElement>('input, select, textarea, button')).filter(
    (box) => box.offsetParent !== null && box.tabIndex >= 0,
  );
  boxes[boxes.indexOf(event.target) + 1]?.focus();
}

function press(form: HTMLFormElement, what: string, event: KeyboardEvent): void {
  event.preventDefault();
  form.querySelector<HTMLButtonElement>(what)?.click();
}

/** Where somebody goes on: at what is to be chosen, at the newest person, at what was refused, or at the first box that is empty. */
function goOnTyping(form: HTMLFormElement): void {
  const choice = form.querySelector<HTMLInputElement>('input[name^="choose-"]');
  if (choice) return choice.focus();
  const people = form.querySelectorAll<HTMLElement>('.typed');
  const newest = people.length > 1 ? people[people.length - 1] : null;
  const refused = form.querySelector('.field__error')?.closest('.field, fieldset') ?? null;
  const within = refused ?? newest ?? form;
  const boxes = Array.from(within.querySelectorAll<HTMLInputElement>('input:not([type=hidden]):not([type=radio])'));
  (boxes.find((box) => !box.value) ?? boxes[0])?.focus();
}

function sayAtOnce(form: HTMLFormElement, box: HTMLInputElement): void {
  const said = document.createElement('span');
  said.className = 'said-at-once';
  said.setAttribute('role', 'status');
  box.insertAdjacentElement('afterend', said);
  const type = form.querySelector<HTMLSelectElement>(`select[name="${box.name.replace(/number$/, 'type')}"]`);
  const show = (): void => {
    const flag =
      box.dataset.check === 'plate'
        ? plateFlag(box.value)
        : documentFlag(box.value, type ? type.value : 'RESIDENT_ID', new Date().toISOString().slice(0, 10));
    said.textContent = (flag && form.querySelector(`[data-flag="${flag}"]`)?.textContent) ?? '';
  };
  box.addEventListener('change', show);
  box.addEventListener('blur', show);
  type?.addEventListener('change', show);
  show();
}
