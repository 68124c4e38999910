/** /k/#k_…: a household's daily check-in. What stands behind the # reaches no server but in a header; nothing is stored here. */
import './styles/checkIn.css';
import { mintId } from '../../phone/src/identity/uuid7';
import { pauseAfter } from '../../phone/src/outbox/backoff';
import type { Page, Report, Said } from './checkIn/contract';
import { linkIn, readTemperature } from './checkIn/reading';
import { saidIn, Sending } from './checkIn/sending';
import { button, dueLine, noticeList, part, personCard, phone, type Draft } from './checkIn/view';
import { WORDS, type Language, type Words } from './checkIn/words';

const LOOK_AGAIN_MS = 10 * 60_000; // noon may pass while the page stands open

let token = linkIn(location.hash);
let page: Page | null = null;
let refused: Said | null = null;
let unreachable = false;
let failures = 0;
let trying = 0; // the one timer that asks for the page again
let heldUp: Said | null = null; // too many guesses from this address: the page asks again by itself
let language: Language = 'zh';
let drafts = new Map<number, Draft>();
let sending = newSending();

async function post(path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`/api/v1/check-in${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: body === undefined ? '' : JSON.stringify(body),
    credentials: 'omit',
    cache: 'no-store',
  });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

function newSending(): Sending {
  return new Sending({
    post: (reports) => post('', { reports }),
    later: (run, ms) => void window.setTimeout(run, ms),
    random: Math.random,
    told,
    stood: () => void open(),
  });
}

/** Whoever is unwell sees what he is told, though the button that was pressed stands far below. */
function told(): void {
  const before = document.querySelectorAll('.answer--bad').length;
  show();
  const bad = document.querySelectorAll('.answer--bad');
  if (bad.length > before) bad[0]!.scrollIntoView({ block: 'center' });
}

async function open(): Promise<void> {
  try {
    const { status, body } = await post('/page');
    if (status === 200) turnTo(body as Page);
    else if (status < 500 && status !== 429) refused = saidIn(body);
    unreachable = status >= 500 || status === 429;
    heldUp = status === 429 ? saidIn(body) : null;
  } catch {
    unreachable = true;
    heldUp = null;
  }
  failures = unreachable ? failures + 1 : 0;
  window.clearTimeout(trying);
  if (unreachable) trying = window.setTimeout(() => void open(), pauseAfter(failures, Math.random()));
  show();
}

function turnTo(found: Page): void {
  sending.asked(page !== null && (page.day !== found.day || page.half !== found.half));
  page = found;
}

/** Noon may have passed while the page lay under others. What is being typed stays. */
function lookAgain(): void {
  if (page && sending.waiting.length === 0 && !document.hidden) void open();
}

function draftOf(place: number): Draft {
  const found = drafts.get(place) ?? { typed: '', symptoms: new Set<string>() };
  drafts.set(place, found);
  return found;
}

function toReport(place: number, draft: Draft): Report {
  return {
    id: mintId(),
    place,
    celsius: readTemperature(draft.typed),
    symptoms: [...draft.symptoms],
    at: new Date().toISOString(),
  };
}

/** Whoever has something filled in, all of the household at once or one. */
function send(places: number[]): void {
  const filled = places.filter((place) => {
    const draft = draftOf(place);
    return (readTemperature(draft.typed) !== null || draft.symptoms.size > 0) && !sending.isWaiting(place);
  });
  const reports = filled.map((place) => toReport(place, draftOf(place)));
  filled.forEach((place) => drafts.delete(place));
  if (reports.length > 0) sending.report(reports);
}

function show(): void {
  const root = document.getElementById('check-in');
  if (!root) return;
  const typing = (document.activeElement as HTMLElement | null)?.id;
  const words = WORDS[language];
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
  document.title = words.title;
  root.textContent = ''; // replaceChildren is younger than some phones
  root.append(part('header', 'head', part('h1', '', words.title), switchOver()), ...body());
  if (typing) document.getElementById(typing)?.focus();
}

function switchOver(): HTMLElement {
  return button(WORDS[language].other, 'language', () => {
    language = language === 'zh' ? 'en' : 'zh';
    show();
  });
}

function body(): HTMLElement[] {
  const words = WORDS[language];
  const said = refused ?? sending.refused;
  if (token === null) return [alarm(words.noLink)];
  if (said) return [alarm(said[language]), phone(words.emergency, '120')];
  if (!page) return [part('p', 'quiet', opening(words)), ...(unreachable ? [phone(words.emergency, '120')] : [])];
  return household(page);
}

function opening(words: Words): string {
  if (!unreachable) return words.loading;
  return heldUp ? heldUp[language] : words.unreachable;
}

function alarm(text: string): HTMLElement {
  const made = part('p', 'alarm', text);
  made.setAttribute('role', 'alert');
  return made;
}

function household(found: Page): HTMLElement[] {
  const words = WORDS[language];
  const open = found.people.filter((one) => one.state !== 'ENDED').map((one) => one.place);
  const cards = found.people.map((person) =>
    personCard(
      {
        person, words, language, page: found, draft: draftOf(person.place), receipt: sending.receiptOf(person.place),
        waiting: sending.isWaiting(person.place),
      },
      () => send([person.place]),
    ),
  ); // prettier-ignore
  const all = open.length > 1 ? button(words.sendAll, 'send send--all', () => send(open)) : null;
  return [
    sending.trouble ? alarm(words[sending.trouble]) : dueOf(found),
    ...cards,
    all,
    found.call ? phone(words.call, found.call) : null,
    phone(words.emergency, '120'),
    noticeList(sending.notices ?? found.notices, words, language),
    part('p', 'quiet', words.privacy),
  ].filter((one): one is HTMLElement => one !== null);
}

/** Nothing stands there while nobody is asked for a report: each card says why. */
function dueOf(found: Page): HTMLElement | null {
  const line = dueLine(found, (place) => sending.receiptOf(place), WORDS[language]);
  return line === '' ? null : part('p', 'due', line);
}

function begin(): void {
  token = linkIn(location.hash);
  page = null;
  refused = heldUp = null;
  unreachable = false;
  drafts = new Map();
  sending = newSending();
  show();
  if (token !== null) void open();
}

window.addEventListener('hashchange', begin);
window.addEventListener('online', () => void sending.send());
document.addEventListener('visibilitychange', lookAgain);
window.setInterval(lookAgain, LOOK_AGAIN_MS);
begin();
