/** The page's parts, made of plain elements: it must stand in the browser inside WeChat, of whatever year. */
import type { Half, Notice, Page, Person, Receipt } from './contract';
import { readTemperature } from './reading';
import type { Language, Words } from './words';

type Child = Node | string | null | false;

export function part(tag: string, className: string, ...children: Child[]): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const child of children) if (child) made.append(child);
  return made;
}

export function button(text: string, className: string, press: () => void): HTMLButtonElement {
  const made = part('button', className, text) as HTMLButtonElement;
  made.type = 'button';
  made.addEventListener('click', press);
  return made;
}

export function phone(label: string, number: string): HTMLElement {
  const link = part('a', 'call__number', number) as HTMLAnchorElement;
  link.href = `tel:${number}`;
  return part('p', 'call', `${label} `, link);
}

/** What was typed of one person and not yet reported. */
export interface Draft {
  typed: string;
  symptoms: Set<string>;
}

export interface Shown {
  person: Person;
  draft: Draft;
  receipt: Receipt | undefined;
  waiting: boolean;
  page: Page;
  words: Words;
  language: Language;
}

const CIRCLED = '①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳';

export const circled = (place: number): string => CIRCLED[place - 1] ?? `(${place})`;

/** February 25 as people say it. */
export function dayName(day: string, language: Language): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  if (language === 'zh') return `${month}月${date}日`;
  return new Date(Date.UTC(year, month - 1, date)).toLocaleDateString('en', { month: 'long', day: 'numeric', timeZone: 'UTC' });
}

export function personCard(shown: Shown, send: () => void): HTMLElement {
  const { person, words, language, page } = shown;
  const card = part('section', 'card');
  card.dataset.place = String(person.place);
  card.append(
    part('h2', '', part('span', 'circled', circled(person.place)), words.person(person.place)),
    part('p', 'quiet', words.day(person.day, person.days, dayName(person.last_on, language))),
    halves(shown),
  );
  if (person.state !== 'OPEN') card.append(part('p', 'note', words[person.state]));
  if (shown.receipt) card.append(answer(shown.receipt, language, page.call, words));
  if (person.state !== 'ENDED') card.append(...fields(shown, send));
  return card;
}

/** What the report of a half-day came to, if one came; what was taken since the page was asked for among them. */
const verdictIn = (person: Person, half: Half, page: Page, receipt: Receipt | undefined) =>
  (receipt?.day === page.day && receipt.half === half && receipt.verdict) || person.reported[half];

/** Until when to report, or that it is done: who has reported is not told to hurry. */
export function dueLine(page: Page, receiptOf: (place: number) => Receipt | undefined, words: Words): string {
  const open = page.people.filter((one) => one.state === 'OPEN');
  const missing = open.filter((one) => (verdictIn(one, page.half, page, receiptOf(one.place)) ?? 'NOT_READ') === 'NOT_READ');
  const half = words.half[page.half]!;
  if (open.length === 0) return '';
  if (missing.length === 0) return words.done(half);
  if (Date.parse(page.now) > Date.parse(page.ends_at)) return words.dueOver(half);
  // The city's own time, whatever the phone's is.
  return words.due(half, new Date(Date.parse(page.ends_at) + 8 * 3_600_000).toISOString().slice(11, 16));
}

function halves({ person, page, words, receipt }: Shown): HTMLElement {
  const line = (half: Half) => {
    const verdict = verdictIn(person, half, page, receipt);
    return part('li', verdict ? `half half--${verdict}` : 'half', words.of(words.half[half]!, verdict ? words.reported[verdict]! : words.notReported));
  };
  return part('ul', 'halves', line('MORNING'), page.half === 'EVENING' && line('EVENING'));
}

/** Words of the server's: whoever is unwell is told what happens now. */
function answer(receipt: Receipt, language: Language, call: string | null, words: Words): HTMLElement {
  const bad = receipt.verdict === 'SYMPTOMATIC' || receipt.status === 'SET_ASIDE' || receipt.status === 'CONFLICT';
  const box = part('div', bad ? 'answer answer--bad' : 'answer', part('p', '', receipt.say[language]));
  box.setAttribute('role', 'status');
  if (receipt.verdict === 'SYMPTOMATIC') {
    if (call) box.append(phone(words.call, call));
    box.append(phone(words.emergency, '120'));
  }
  return box;
}

function fields(shown: Shown, send: () => void): HTMLElement[] {
  const { person, draft, page, words, waiting } = shown;
  const input = part('input', 'reading') as HTMLInputElement;
  input.inputMode = 'decimal';
  input.autocomplete = 'off';
  input.maxLength = 6;
  input.placeholder = '36.5';
  input.value = draft.typed;
  input.id = `reading-${person.place}`;
  const doubt = part('p', 'doubt');
  doubt.setAttribute('role', 'alert');
  const say = () => (doubt.textContent = doubtOf(draft, page, words));
  input.addEventListener('input', () => {
    draft.typed = input.value;
    say();
  });
  say();
  const label = part('label', 'label', words.temperature) as HTMLLabelElement;
  label.htmlFor = input.id;
  const again = shown.receipt !== undefined && !waiting;
  const sendOne = button(waiting ? words.sending : again ? words.sendAgain : words.send, 'send', () => {
    if (readTemperature(draft.typed) === null && draft.symptoms.size === 0) {
      doubt.textContent = words.odd;
      input.focus();
    } else send();
  });
  sendOne.disabled = waiting;
  return [part('div', 'measure', label, input, part('span', 'unit', '℃')), doubt, chips(shown), sendOne];
}

function doubtOf(draft: Draft, page: Page, words: Words): string {
  const read = readTemperature(draft.typed);
  if (read !== null && read >= page.fever) return words.fever;
  return draft.typed.length > 3 && read === null ? words.odd : '';
}

function chips({ draft, page, words }: Shown): HTMLElement {
  const group = part('fieldset', 'chips', part('legend', 'quiet', words.unwell));
  for (const code of page.symptoms) {
    const chip = button(words.symptoms[code] ?? code, 'chip', () => {
      if (!draft.symptoms.delete(code)) draft.symptoms.add(code);
      chip.setAttribute('aria-pressed', String(draft.symptoms.has(code)));
    });
    chip.setAttribute('aria-pressed', String(draft.symptoms.has(code)));
    group.append(chip);
  }
  return group;
}

export function noticeList(notices: Notice[], words: Words, language: Language): HTMLElement | null {
  if (notices.length === 0) return null;
  const told = notices.map((one) =>
    part(
      'li', 'notice',
      part('strong', '', (language === 'en' && one.title_en) || one.title),
      part('p', '', (language === 'en' && one.body_en) || one.body),
      part('p', 'quiet', words.levels[one.level] ?? ''),
    ),
  ); // prettier-ignore
  return part('section', 'card', part('h2', '', words.notices), part('ul', 'notices', ...told));
}
