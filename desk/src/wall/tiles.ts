/** The wall's tiles. Each draws itself from the board, and fails alone. */
import type { Board, CheckpointRow, Figures, OriginRow } from './board';
import { ageOf, bySilence, stateOf, type State } from './silence';
import { ago, figure, say } from './words';

export const CHECKPOINT_ROWS = 18;
const ORIGIN_ROWS = 10;
/** Below province no origin with fewer people is shown by number. */
const SMALLEST_SHOWN = 5;

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

function element(tag: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export function totals(all: Figures, today: Figures): void {
  const reportedToday = today.passages + today.people > 0;
  const reported = all.passages + all.people > 0;
  write(byId('today-vehicles'), reportedToday ? figure(today.vehicles) : '—');
  write(byId('today-people'), reportedToday ? figure(today.people) : '—');
  write(byId('total-vehicles'), reported ? figure(all.vehicles) : '—');
  write(byId('total-people'), reported ? figure(all.people) : '—');
  byId('nothing-today').hidden = reportedToday;
  byId('figures').classList.toggle('figures--long', Math.max(all.vehicles, all.people) >= 1_000_000);
}

export function measures(board: Board): void {
  const today = new Map(board.by_measure.map(({ kind, today: people }) => [kind, people]));
  const reported = board.today.people > 0;
  document.querySelectorAll<HTMLElement>('[data-measure]').forEach((tile) => {
    const kind = tile.dataset.measure ?? '';
    const number = tile.querySelector('.measure-tile__number');
    if (number) write(number, reported ? figure(today.get(kind) ?? 0) : '—');
    tile.hidden = tile.dataset.always === undefined && !today.get(kind);
  });
}

export function checkpoints(board: Board, now: number): void {
  const rows = bySilence(board.by_checkpoint, now);
  const shown = rows.length > CHECKPOINT_ROWS ? rows.slice(0, CHECKPOINT_ROWS - 1) : rows;
  const list = byId('checkpoints');
  list.textContent = '';
  for (const row of shown) list.append(checkpointRow(row, now));
  if (shown.length < rows.length) list.append(restRow(rows.slice(shown.length)));
  if (rows.length === 0) list.append(element('p', 'empty', say('noCheckpoints')));
  const silent = rows.filter((row) => ['AMBER', 'RED'].includes(stateOf(row, now))).length;
  write(byId('checkpoint-count'), silent ? say('countSilent', { n: rows.length, silent }) : say('count', { n: rows.length }));
}

function checkpointRow(row: CheckpointRow, now: number): HTMLElement {
  const state = stateOf(row, now);
  const line = element('div', `checkpoint checkpoint--${state.toLowerCase()}`);
  line.append(
    element('span', 'checkpoint__mark'),
    element('span', 'checkpoint__name', row.name),
    ...todayOf(row),
    element('span', 'checkpoint__age', ageWords(row, state, now)),
  );
  return line;
}

/** 没有报告 is never shown as 0. */
function todayOf(row: CheckpointRow): HTMLElement[] {
  if (row.today.passages + row.today.people === 0) {
    return [element('span', 'checkpoint__nothing', say(row.last_record_at ? 'nothingToday' : 'neverReported'))];
  }
  return [
    element('span', 'checkpoint__number', figure(row.today.vehicles)),
    element('span', 'checkpoint__number', figure(row.today.people)),
  ];
}

function ageWords(row: CheckpointRow, state: State, now: number): string {
  const age = ageOf(row, now);
  if (state === 'CLOSED') return say('closed');
  return age === null ? '' : ago(age);
}

function restRow(rows: CheckpointRow[]): HTMLElement {
  const sum = (pick: (row: CheckpointRow) => number): string => figure(rows.reduce((all, row) => all + pick(row), 0));
  const line = element('div', 'checkpoint checkpoint--rest');
  line.append(
    element('span', ''),
    element('span', 'checkpoint__name', say('rest', { n: rows.length })),
    element('span', 'checkpoint__number', sum((row) => row.today.vehicles)),
    element('span', 'checkpoint__number', sum((row) => row.today.people)),
    element('span', ''),
  );
  return line;
}

export function origins(board: Board): void {
  const known = board.by_origin.filter((row) => row.code !== null && row.people > 0);
  const shown = known.sort((a, b) => b.people - a.people).slice(0, ORIGIN_ROWS);
  const most = shown[0]?.people ?? 0;
  const list = byId('origins');
  list.textContent = '';
  for (const row of shown) list.append(...originRow(row, most, board.totals.people));
  if (shown.length === 0) list.append(element('p', 'empty', say('noOrigins')));
  const unknown = board.by_origin.find((row) => row.code === null)?.people ?? 0;
  write(byId('unknown-origins'), unknown >= SMALLEST_SHOWN ? say('unknownOrigins', { n: figure(unknown) }) : '');
}

function originRow(row: OriginRow, most: number, total: number): HTMLElement[] {
  const name = element('span', 'origin__name', row.name ?? row.code ?? '');
  const bar = document.createElement('progress');
  bar.className = 'origin__bar';
  bar.max = most;
  bar.value = row.people < SMALLEST_SHOWN ? 0 : row.people;
  const few = row.people < SMALLEST_SHOWN;
  const share = few || total === 0 ? '' : `${((100 * row.people) / total).toFixed(1)}%`;
  return [
    name,
    bar,
    element('span', 'origin__number', few ? say('few', { n: SMALLEST_SHOWN }) : figure(row.people)),
    element('span', 'origin__share', share),
  ];
}
