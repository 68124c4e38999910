/** A form whose answer takes a while says so: once it is on its way, its button rests and a note with a bar stands below it. */
export function tellWhileWaiting(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-slow]')) {
    form.addEventListener('submit', () => wait(form, true));
    window.addEventListener('pageshow', () => wait(form, false)); // back from the answer
  }
}

function wait(form: HTMLFormElement, waiting: boolean): void {
  const note = form.querySelector<HTMLElement>('[data-slow-note]');
  if (note) note.hidden = !waiting;
  for (const button of form.querySelectorAll('button')) button.disabled = waiting;
}
