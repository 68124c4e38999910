/**
 * Listens for scanner guns and card readers wherever the focus is, and keeps what they type out of the field it landed in.
 * What turns out to be no reading is typed into that field after all: nothing is lost.
 */
import { isKnownPlate } from '../identity/plates';
import { Wedge, type Verdict } from './wedge';

/** Takes a text; false when it means nothing to this program. */
export type Hear = (text: string) => Promise<boolean>;
type Field = HTMLInputElement | HTMLTextAreaElement;

/** Readers that come as an input method hand over the whole line at once. */
const WHOLE_READING = /^LF1[:/]|^(?=[^]*[,|;，；\t\n])[^]*\d{17}[\dXx]/;

export function isShortText(text: string): boolean {
  return /^\d{6}$/.test(text) || isKnownPlate(text);
}

export function listenForReaders(hear: Hear = hearLater): void {
  const wedge = new Wedge(isShortText);
  let takeBack = () => {};
  let field: Field | null = null;
  let pausing: ReturnType<typeof setTimeout> | undefined;

  document.addEventListener('keydown', onKey, true);
  document.addEventListener('beforeinput', onCommit, true);

  function onKey(event: KeyboardEvent): void {
    if (wedge.startsAnew(event.timeStamp)) beginAnew();
    const isShortcut = event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    obey(wedge.press({ key: event.key, at: event.timeStamp, isShortcut }), event);
  }

  function beginAnew(): void {
    finish();
    field = textField(document.activeElement);
    takeBack = remember(field);
  }

  function obey(verdict: Verdict, event: Event): void {
    if (verdict === 'LEAVE') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (verdict === 'BEGIN') takeBack();
    clearTimeout(pausing);
    pausing = setTimeout(finish, wedge.patience());
  }

  function finish(): void {
    clearTimeout(pausing);
    const text = wedge.pause();
    if (text !== null) void handOver(text, field);
  }

  function onCommit(event: InputEvent): void {
    const text = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
    if (!event.cancelable || !WHOLE_READING.test(text)) return;
    event.preventDefault();
    void handOver(text, textField(event.target));
  }

  async function handOver(text: string, into: Field | null): Promise<void> {
    const isHeard = await hear(text).catch(() => false);
    if (!isHeard && into?.isConnected) typeInto(into, text.replace(/[\r\n\t]+$/, ''));
  }
}

async function hearLater(text: string): Promise<boolean> {
  return (await import('./outcomes')).take(text);
}

function textField(element: unknown): Field | null {
  const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
  return isField && !element.readOnly && !element.disabled ? element : null;
}

/** The act that brings the field back to what it holds now. */
function remember(field: Field | null): () => void {
  const [value, start, end] = [field?.value ?? '', field?.selectionStart ?? null, field?.selectionEnd ?? null];
  return () => {
    if (!field?.isConnected || field.value === value) return;
    field.value = value;
    if (start !== null) field.setSelectionRange(start, end);
    tell(field);
  };
}

function typeInto(field: Field, text: string): void {
  const end = field.value.length;
  field.setRangeText(text, field.selectionStart ?? end, field.selectionEnd ?? end, 'end');
  tell(field);
}

function tell(field: Field): void {
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
