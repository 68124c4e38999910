/** The one keypad that may be open, and the field it types into. Keys act at the field's caret like a keyboard would. */
import { nextTick, ref, shallowRef } from 'vue';

export type PadKind = 'PLATE' | 'ID' | 'PHONE' | 'OCCUPATION' | 'STAYS' | 'TEMPERATURE' | 'QUESTION' | 'HEALTH';

export interface OpenPad {
  kind: PadKind;
  /** What is filled: a text field, or for questions answered by a tap the row with its answers. */
  field: HTMLElement;
}

export const pad = shallowRef<OpenPad | null>(null);
/** The list of stays, which the pad of quick answers leads to as well. */
export const staysListOpen = ref(false);

export function openPad(kind: PadKind, field: HTMLElement): void {
  if (pad.value?.field === field) return;
  pad.value = { kind, field };
  void nextTick(() => field.scrollIntoView({ block: 'start', behavior: 'smooth' }));
}

export function closePad(): void {
  pad.value = null;
}

/** Opened by the form itself: the caret goes along, and what was taken over is replaced by the first key. */
export function openAndFocus(kind: PadKind, field: HTMLInputElement): void {
  openPad(kind, field);
  field.focus({ preventScroll: true });
  field.select();
}

function typedInto(): HTMLInputElement | null {
  const field = pad.value?.field;
  return field instanceof HTMLInputElement ? field : null;
}

/** Type at the caret, replacing what is selected. */
export function press(text: string): void {
  const field = typedInto();
  if (!field) return;
  field.setRangeText(text, caret(field).start, caret(field).end, 'end');
  tell(field);
}

export function erase(): void {
  const field = typedInto();
  if (!field) return;
  const { start, end } = caret(field);
  field.setRangeText('', start === end ? Math.max(0, start - 1) : start, end, 'end');
  tell(field);
}

/** Replace everything, as a chip does. */
export function replaceAll(text: string): void {
  const field = typedInto();
  if (!field) return;
  field.setRangeText(text, 0, field.value.length, 'end');
  tell(field);
}

/** A field that was never focused has its caret at 0; typing goes to the end then. */
function caret(field: HTMLInputElement): { start: number; end: number } {
  const focused = document.activeElement === field;
  const end = field.value.length;
  return focused ? { start: field.selectionStart ?? end, end: field.selectionEnd ?? end } : { start: end, end };
}

function tell(field: HTMLInputElement): void {
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
