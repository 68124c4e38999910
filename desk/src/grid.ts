/** A grid worker's phone: a code and a PIN once a day, the PIN each time the list is opened. The list is never kept. */
import './styles/grid.css';
import { enrol, openRoster, Refused } from './grid/asking';
import { forget, kept, keep } from './grid/keeping';
import { showList } from './grid/list';
import { codeIn } from './grid/link';
import { hours, language, part, say } from './grid/words';

const HIDDEN_FOR = 60_000;
const views = ['enrol', 'open', 'list'] as const;

function show(view: (typeof views)[number]): void {
  for (const name of views) part(name).hidden = name !== view;
  part('error').hidden = true;
  if (view !== 'list') part('arrivals').textContent = '';
  const held = kept();
  if (view === 'open' && held) {
    part('title').textContent = held.name;
    say('until', { at: hours(held.expiresAt) });
  }
  part(view).querySelector<HTMLInputElement>('input')?.focus();
}

function told(error: unknown): void {
  const box = part('error');
  box.textContent = error instanceof Refused ? (language() === 'en' ? error.en : error.zh) : (box.dataset.offline ?? '');
  box.hidden = false;
}

function field(form: HTMLElement, name: string): HTMLInputElement {
  return form.querySelector<HTMLInputElement>(`[name="${name}"]`)!;
}

/** Empties the PIN boxes, asks, and tells what went wrong. One question at a time: a second tap waits for the first. */
async function ask(form: HTMLElement, question: () => Promise<void>): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>('button:not([type])')!;
  if (button.disabled) return;
  button.disabled = true;
  try {
    await question();
  } catch (error) {
    told(error);
  } finally {
    button.disabled = false;
    for (const box of Array.from(form.querySelectorAll<HTMLInputElement>('[type="password"]'))) box.value = '';
  }
}

part('enrol').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = part('enrol');
  const again = field(form, 'again');
  const [code, pin] = [field(form, 'code').value, field(form, 'pin').value];
  if (pin !== again.value) return told(new Refused('', again.dataset.differs ?? '', again.dataset.differs ?? ''));
  void ask(form, async () => {
    const enrolled = await enrol(code, pin);
    keep({ token: enrolled.token, name: enrolled.division.name, expiresAt: enrolled.expires_at });
    const roster = await openRoster(enrolled.token, pin);
    show('list');
    showList(roster);
  });
});

part('open').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = part('open');
  const pin = field(form, 'pin').value;
  void ask(form, async () => {
    const roster = await openRoster(kept()?.token ?? '', pin);
    show('list');
    showList(roster);
  });
});

part('anew').addEventListener('click', () => {
  forget();
  show('enrol');
});
part('again').addEventListener('click', () => show('open'));

let hiddenAt = 0;
document.addEventListener('visibilitychange', () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (!part('list').hidden && Date.now() - hiddenAt > HIDDEN_FOR) show('open');
});

/** A code that came with the link is taken out of the address, so that nobody reads it off the screen. */
function begin(): void {
  const code = codeIn(location.hash);
  if (code !== null) {
    history.replaceState(null, '', location.pathname);
    field(part('enrol'), 'code').value = code;
  }
  show(code === null && kept() ? 'open' : 'enrol');
}

window.addEventListener('hashchange', begin);
begin();
