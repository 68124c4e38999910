/** / searches, j and k walk through the rows of a list, ? shows the keys. Nothing happens while somebody types. */
const TYPING = 'input, textarea, select, [contenteditable]';

export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest(TYPING)) return;
    const act = ACTS[event.key];
    if (act?.()) event.preventDefault();
  });
}

const ACTS: Record<string, () => boolean> = {
  '/': search,
  '?': help,
  j: () => walk(1),
  k: () => walk(-1),
};

function search(): boolean {
  const box = document.querySelector<HTMLElement>('[data-search]');
  if (box instanceof HTMLInputElement) box.focus();
  else if (box instanceof HTMLAnchorElement) window.location.assign(box.href);
  return box !== null;
}

function help(): boolean {
  const dialog = document.querySelector<HTMLDialogElement>('#keys');
  dialog?.showModal();
  return dialog !== null;
}

function walk(step: number): boolean {
  const links = Array.from(document.querySelectorAll<HTMLElement>('[data-row]'));
  if (links.length === 0) return false;
  const here = links.indexOf(document.activeElement as HTMLElement);
  links[Math.min(Math.max(here + step, 0), links.length - 1)]?.focus();
  return true;
}
