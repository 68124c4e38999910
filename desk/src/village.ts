/** /v/#v_…: a village's poster. One household says how many are at home and how many unwell; nobody is named.
 *
 * The token stays in the address, so that the page can be kept; it reaches a server only in the head of a request.
 */
import './styles/village.css';
import { posterIn } from './fragment';
import { deviceOf, posterKept, randomId, unwellShown } from './household';

interface Notice {
  title: string;
  body: string;
  title_en: string;
  body_en: string;
}

interface Shown {
  place?: string;
  day: string;
  half: string;
  call: string | null;
  notices: Notice[];
}

const ADDRESS = '/api/v1/village-check-in';
const english = document.documentElement.lang.startsWith('en');
const root = document.querySelector<HTMLElement>('[data-village]');
let token: string | null = null;
let report: string | null = null; // the same for every try to send the same figures
let device: string | null = null;

const one = <T extends HTMLElement>(name: string): T | null => document.querySelector<T>(`[data-village-${name}]`);
const hide = (name: string, hidden: boolean): void => {
  const part = one(name);
  if (part) part.hidden = hidden;
};

function show(state: string): void {
  for (const part of Array.from(document.querySelectorAll<HTMLElement>('[data-when]'))) {
    part.hidden = !part.dataset.when?.split(' ').includes(state);
  }
  if (root) root.dataset.state = state;
}

function refuse(words: string): void {
  const part = one('refused');
  if (part) part.textContent = words;
  hide('refused', words === '');
}

/** What the server answers; null where it refused, which is shown, or could not be reached. */
async function asked(path: string, body: unknown): Promise<Shown | null> {
  refuse('');
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token ?? ''}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    if (answer.ok) return said as Shown;
    refuse(english ? said.error.en : said.error.zh);
  } catch {
    refuse(root?.dataset.unreached ?? '');
  }
  return null;
}

function tell(shown: Shown): void {
  const place = one('place');
  if (place && shown.place) place.textContent = shown.place;
  const day = one('day');
  if (day) day.textContent = shown.day;
  for (const part of Array.from(document.querySelectorAll<HTMLElement>('[data-half]'))) {
    part.hidden = part.dataset.half !== shown.half;
  }
  const call = one<HTMLAnchorElement>('call');
  if (call) {
    call.textContent = shown.call ?? '';
    call.href = `tel:${shown.call ?? ''}`;
  }
  hide('call-line', !shown.call);
  tellNotices(shown.notices);
}

function tellNotices(notices: Notice[]): void {
  const texts = one('texts');
  if (!texts) return;
  texts.textContent = '';
  for (const notice of notices) {
    const card = document.createElement('article');
    card.className = 'card village-notice';
    const title = document.createElement('h3');
    title.textContent = (english && notice.title_en) || notice.title;
    const body = document.createElement('p');
    body.textContent = (english && notice.body_en) || notice.body;
    card.append(title, body);
    texts.append(card);
  }
  hide('notices', notices.length === 0);
}

function chosen(name: string): number | null {
  const box = document.querySelector<HTMLInputElement>(`[name="${name}"]:checked`);
  return box ? Number(box.value) : null;
}

/** No more can be unwell than are at home. */
function narrow(): void {
  const people = chosen('people');
  for (const part of Array.from(document.querySelectorAll<HTMLElement>('[data-number]'))) {
    part.hidden = !unwellShown(Number(part.dataset.number), people);
  }
  if ((chosen('unwell') ?? 0) > (people ?? 0)) {
    const none = document.querySelector<HTMLInputElement>('[name="unwell"][value="0"]');
    if (none) none.checked = true;
  }
}

async function send(): Promise<void> {
  const people = chosen('people');
  const unwell = chosen('unwell') ?? 0;
  if (people === null) {
    document.querySelector<HTMLInputElement>('[name="people"]')?.focus();
    return;
  }
  report = report ?? randomId(true);
  device = device ?? deviceOf();
  const shown = await asked(ADDRESS, { id: report, device, people, unwell });
  hide('ill', unwell === 0);
  if (!shown) return;
  report = null;
  tell(shown);
  const [some, ill] = [one('people'), one('unwell')];
  if (some) some.textContent = String(people);
  if (ill) ill.textContent = String(unwell);
  show('sent');
}

async function open(): Promise<void> {
  token = posterKept(posterIn(location.hash));
  if (token === null) {
    show('nothing');
    return;
  }
  const shown = await asked(`${ADDRESS}/page`, {});
  if (!shown) {
    show('refused');
    return;
  }
  tell(shown);
  narrow();
  show('asking');
}

const form = one<HTMLFormElement>('form');
form?.addEventListener('change', () => {
  report = null; // other figures are another report
  narrow();
});
form?.addEventListener('submit', (event) => {
  event.preventDefault();
  void send();
});
one('again')?.addEventListener('click', () => {
  hide('ill', true);
  show('asking');
});
window.addEventListener('hashchange', () => void open());
void open();
