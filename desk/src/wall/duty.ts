/** Today's duty by group, and the four lines of defence. Whoever should be there and is not stands in amber. */
import type { DefenceFigure, GroupOnDuty, OnDuty, Tiles } from './answers';
import { counted, isMissing } from './manned';
import { byId, element, lines, put, write } from './page';
import { figure, say, word } from './words';

export function duty(data: Tiles['duty']): void {
  const made = lines(byId('duty'), data.groups, ({ code }) => code, newGroup);
  data.groups.forEach((group, n) => fill(made[n]!, group));
  byId('no-duty').hidden = data.headquarters !== null;
  put(byId('duty-rate'), data.headquarters === null ? '' : say('onDuty', { there: data.there, due: data.due }));
}

export function defence({ lines: rows }: Tiles['defence']): void {
  const made = lines(byId('defence'), rows, ({ line }) => line, newStrip);
  rows.forEach(({ line, figures }, n) => {
    const [name, said] = Array.from(made[n]!.children) as HTMLElement[];
    put(name!, word('DEFENCE_LINES', line));
    write(said!, told(figures));
    said!.classList.toggle('is-nothing', counted(figures).length === 0);
  });
}

/** What is counted; that nothing is, only where that is so of the whole line. */
function told(figures: DefenceFigure[]): string {
  const said = counted(figures).map(({ figure: name, n }) => `${word('DEFENCE_FIGURES', name)} ${n === null ? say('few') : figure(n)}`);
  return said.length === 0 ? say('notCounted') : said.join('　');
}

function newGroup(): HTMLElement {
  const line = element('li', 'duty__group');
  line.append(element('span', 'duty__name'), element('span', 'duty__now'), element('span', 'duty__next'));
  return line;
}

function newStrip(): HTMLElement {
  const line = element('li', 'defence__line');
  line.append(element('span', 'defence__name'), element('span', 'defence__figures'));
  return line;
}

function fill(line: HTMLElement, group: GroupOnDuty): void {
  const [name, now, next] = Array.from(line.children) as HTMLElement[];
  put(name!, document.documentElement.lang.startsWith('en') ? group.en : group.zh);
  put(next!, group.next.length === 0 ? '' : say('then', { name: group.next.map((one) => one.name).join(' ') }));
  people(now!, group.now.length === 0 ? [[say('nobody'), true]] : group.now.map((one) => [shown(one), isMissing(one)]));
}

/** Each name for itself, so that only who is missing stands in amber. */
function people(box: HTMLElement, names: [string, boolean][]): void {
  const said = JSON.stringify(names);
  if (box.dataset.said === said) return;
  box.dataset.said = said;
  box.textContent = '';
  box.append(...names.map(([name, missing]) => element('span', missing ? 'duty__person is-missing' : 'duty__person', name)));
}

const shown = (one: OnDuty): string => (isMissing(one) ? say('notSignedIn', { name: one.name }) : one.name);
