/** The list of checkpoints: silent ones float to the top. */
import { hasReported, type CheckpointRow, type Tiles } from './answers';
import { byId, element, lines, put, write } from './page';
import { ageOf, bySilence, stateOf, type State } from './silence';
import { ago, figure, say } from './words';

export const CHECKPOINT_ROWS = 18;

export function checkpoints({ checkpoints: all }: Tiles['checkpoints'], now: number): void {
  const rows = bySilence(all, now);
  const shown = rows.length > CHECKPOINT_ROWS ? rows.slice(0, CHECKPOINT_ROWS - 1) : rows;
  const list = byId('checkpoints');
  const made = lines(list, shown, (row) => row.code, newLine);
  shown.forEach((row, n) => fill(made[n]!, row, now));
  byId('checkpoints-rest').textContent = '';
  if (shown.length < rows.length) byId('checkpoints-rest').append(restLine(rows.slice(shown.length)));
  byId('no-checkpoints').hidden = rows.length > 0;
  const silent = rows.filter((row) => ['AMBER', 'RED'].includes(stateOf(row, now))).length;
  put(byId('checkpoint-count'), silent ? say('countSilent', { n: rows.length, silent }) : say('count', { n: rows.length }));
}

function newLine(): HTMLElement {
  const line = element('li', 'checkpoint');
  line.append(...['mark', 'name', 'vehicles', 'people', 'age'].map((part) => element('span', `checkpoint__${part}`)));
  return line;
}

function fill(line: HTMLElement, row: CheckpointRow, now: number): void {
  const state = stateOf(row, now);
  const nothing = !hasReported(row.today);
  line.className = `checkpoint checkpoint--${state.toLowerCase()}${nothing ? ' checkpoint--nothing' : ''}`;
  const [, name, vehicles, people, age] = Array.from(line.children) as HTMLElement[];
  put(name!, row.name);
  // 没有报告 is never shown as 0.
  write(vehicles!, nothing ? '' : figure(row.today.vehicles));
  if (nothing) put(people!, say(row.last_record_at ? 'nothingToday' : 'neverReported'));
  else write(people!, figure(row.today.people));
  put(age!, ageWords(row, state, now));
}

function ageWords(row: CheckpointRow, state: State, now: number): string {
  if (state === 'CLOSED') return say('closed');
  const age = ageOf(row, now);
  return age === null ? '' : ago(age);
}

function restLine(rows: CheckpointRow[]): HTMLElement {
  const sum = (pick: (row: CheckpointRow) => number): string => figure(rows.reduce((all, row) => all + pick(row), 0));
  const line = element('div', 'checkpoint checkpoint--rest');
  line.append(
    element('span', ''),
    element('span', 'checkpoint__name', say('rest', { n: rows.length })),
    element('span', 'checkpoint__vehicles', sum((row) => row.today.vehicles)),
    element('span', 'checkpoint__people', sum((row) => row.today.people)),
  );
  return line;
}
