/** The wall: figures that anybody in the room can read, and that say how old they are. */
import './styles/wall.css';
import type { Board, News } from './wall/board';
import { Charts } from './wall/charts';
import { listen, type Trouble } from './wall/feed';
import { byId, checkpoints, measures, origins, totals } from './wall/tiles';
import { ago, clock, day, say } from './wall/words';

const OLD_MS = 60_000;
/** Longer than the quiet time between two questions: after it the figures are not current any more. */
const LOST_MS = 45_000;

const charts = new Charts();
const tiles: Record<string, (board: Board) => void> = {
  figures: (board) => totals(board.totals, board.today),
  measures,
  checkpoints: (board) => checkpoints(board, now()),
  origins,
  hours: (board) => charts.drawHours(board),
  days: (board) => charts.drawDays(board),
};
const failed = new Set<string>();

let latest: Board | null = null;
let watermark: string | null = null;
let heardAt: number | null = null;
let trouble: Trouble | null = null;
/** The server's clock against this machine's: walls are often minutes off. */
let offset = 0;

const now = (): number => Date.now() + offset;

function draw(board: Board): void {
  for (const [name, tile] of Object.entries(tiles)) {
    try {
      tile(board);
      failed.delete(name);
    } catch {
      failed.add(name);
    }
  }
}

function heard(moment: string | null): void {
  trouble = null;
  heardAt = Date.now();
  watermark = moment;
  tick();
}

function onBoard(board: Board): void {
  offset = Date.parse(board.as_of) - Date.now();
  latest = board;
  draw(board);
  heard(board.watermark);
}

function onNews(news: News): void {
  totals(news.totals, news.today);
  heard(news.watermark);
}

function onTrouble(found: Trouble): void {
  trouble = found;
  tick();
}

function tick(): void {
  byId('clock').textContent = clock(now());
  byId('day').textContent = day(now());
  byId('signed-out').hidden = trouble !== 'SIGNED_OUT';
  const asOf = watermark === null ? null : Date.parse(watermark);
  const lost = trouble !== null || (heardAt !== null && Date.now() - heardAt > LOST_MS);
  byId('as-of').textContent = asOf === null ? say('noWatermark') : say('asOf', { at: clock(asOf) });
  byId('as-of').classList.toggle('is-old', lost);
  document.querySelectorAll<HTMLElement>('[data-tile]').forEach((tile) => mark(tile, lost, asOf));
}

/** Each tile says its own age when it is older than a minute, and its own failure; it is never blank. */
function mark(tile: HTMLElement, lost: boolean, asOf: number | null): void {
  const state = tile.querySelector('.tile__state');
  const broken = failed.has(tile.dataset.tile ?? '');
  tile.classList.toggle('is-old', lost || broken);
  if (!state) return;
  if (broken) state.textContent = say('broken');
  else if (lost) state.textContent = asOf === null ? say('lost') : say('lostAsOf', { at: clock(asOf) });
  else if (latest === null) state.textContent = say('reading');
  else state.textContent = asOf !== null && now() - asOf > OLD_MS ? say('age', { age: ago(now() - asOf) }) : '';
}

window.setInterval(tick, 1_000);
// Ages grow without news: the list of checkpoints is drawn again so that a silence shows.
window.setInterval(() => latest && draw(latest), 15_000);
tick();
listen({ board: onBoard, news: onNews, trouble: onTrouble });
