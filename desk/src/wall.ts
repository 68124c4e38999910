/** The wall: figures that anybody in the room can read, and that say how old they are. */
import './styles/wall.css';
import type { Board, News } from './wall/board';
import { Charts } from './wall/charts';
import { Feed, type Trouble } from './wall/feed';
import { byId, checkpoints, measures, origins, totals } from './wall/tiles';
import { ago, clock, day, say } from './wall/words';

const OLD_MS = 60_000;
/** Longer than the quiet time between two questions: after it the figures are not current any more. */
const LOST_MS = 45_000;
const REDRAW_MS = 15_000;

/** How current something on the wall is: what it counts up to, and when that was heard (by this machine's clock). */
interface Currency {
  asOf: number | null;
  heardAt: number | null;
}

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
const boardIs: Currency = { asOf: null, heardAt: null };
/** The totals come with the stream as well: they may be current when the rest is not. */
const figuresAre: Currency = { asOf: null, heardAt: null };

let latest: Board | null = null;
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

function heard(currency: Currency, watermark: string | null): void {
  currency.heardAt = Date.now();
  currency.asOf = watermark === null ? null : Date.parse(watermark);
}

function onBoard(board: Board): void {
  trouble = null;
  offset = Date.parse(board.as_of) - Date.now();
  latest = board;
  draw(board);
  heard(boardIs, board.watermark);
  heard(figuresAre, board.watermark);
  tick();
}

function onNews(news: News, complete: boolean): void {
  totals(news.totals, news.today);
  heard(figuresAre, news.watermark);
  if (complete) heard(boardIs, news.watermark);
  tick();
}

function onTrouble(found: Trouble): void {
  trouble = found;
  tick();
}

const silent = ({ heardAt }: Currency): boolean => heardAt === null || Date.now() - heardAt > LOST_MS;

function tick(): void {
  byId('clock').textContent = clock(now());
  byId('day').textContent = day(now());
  byId('signed-out').hidden = trouble !== 'SIGNED_OUT';
  const { asOf } = figuresAre;
  byId('as-of').textContent = asOf === null ? say('noWatermark') : say('asOf', { at: clock(asOf) });
  byId('as-of').classList.toggle('is-old', latest !== null && silent(figuresAre));
  document.querySelectorAll<HTMLElement>('[data-tile]').forEach(mark);
}

/** Each tile says its own age when it is older than a minute, and its own failure; it is never blank. */
function mark(tile: HTMLElement): void {
  const name = tile.dataset.tile ?? '';
  const currency = name === 'figures' ? figuresAre : boardIs;
  const lost = silent(currency) || (currency === boardIs && trouble !== null);
  tile.classList.toggle('is-old', latest !== null && (lost || failed.has(name)));
  const state = tile.querySelector('.tile__state');
  if (state) state.textContent = stateOf(name, currency, lost);
}

function stateOf(name: string, { asOf }: Currency, lost: boolean): string {
  if (failed.has(name)) return say('broken');
  if (latest === null && trouble === null) return say('reading');
  if (lost) return asOf === null ? say('lost') : say('lostAsOf', { at: clock(asOf) });
  return asOf !== null && now() - asOf > OLD_MS ? say('age', { age: ago(now() - asOf) }) : '';
}

window.setInterval(tick, 1_000);
// Ages grow without news: the list of checkpoints is drawn again so that a silence shows.
window.setInterval(() => latest && draw(latest), REDRAW_MS);
tick();
new Feed({ board: onBoard, news: onNews, trouble: onTrouble }).start();
