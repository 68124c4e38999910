/** Pieces of the page: found by name, written without touching what stays the same. */

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
}

/** Write a text and, where a figure changed under the viewer's eyes, mark it for a moment. */
export function write(target: Element, text: string): void {
  if (target.textContent === text) return;
  const changed = target.textContent !== '' && target.textContent !== '—';
  target.textContent = text;
  if (!changed) return;
  target.classList.remove('is-new');
  window.requestAnimationFrame(() => target.classList.add('is-new'));
}

/** The same for words, which change without being news. */
export function put(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

export function element(tag: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Lines of a list, kept by their key, so that a line that stays is changed and not made anew. */
export function lines<Row>(list: HTMLElement, rows: Row[], keyOf: (row: Row) => string, make: () => HTMLElement): HTMLElement[] {
  const kept = new Map(Array.from(list.children).map((line) => [(line as HTMLElement).dataset.key, line as HTMLElement]));
  const made = rows.map((row) => {
    const line = kept.get(keyOf(row)) ?? make();
    line.dataset.key = keyOf(row);
    return line;
  });
  const standing = Array.from(list.children);
  if (made.length !== standing.length || made.some((line, n) => line !== standing[n])) {
    list.textContent = '';
    list.append(...made);
  }
  return made;
}
