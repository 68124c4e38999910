/** The wall: figures that anybody in the room can read, and that say how old they are. */
import './styles/wall.css';
import './styles/wall-duty.css';
import type { Answer, Holder, News, TileName, Tiles } from './wall/answers';
import { Charts } from './wall/charts';
import { checkpoints } from './wall/checkpoints';
import { defence, duty } from './wall/duty';
import { Feed } from './wall/feed';
import { figures, measures } from './wall/figures';
import { freshness } from './wall/freshness';
import { destinations, funnel, origins, purposes, transports } from './wall/lists';
import { Maps } from './wall/map';
import { checkIns } from './wall/observed';
import { byId, put } from './wall/page';
import { isClosed, POLL_MS, QUIET_MS, type Pace, type Trouble } from './wall/schedule';
import { ago, clock, day, say } from './wall/words';

const OLD_MS = 60_000;
/** Longer than the quiet time between two questions: after it the figures are not current any more. */
const LOST_MS = 45_000;
const REDRAW_MS = 15_000;
const AT_ONCE: Pace = { every: 1_000, quiet: QUIET_MS };
const SOON: Pace = { every: 5_000, quiet: QUIET_MS };
const ALWAYS: Pace = { every: POLL_MS, quiet: POLL_MS };

/** What a tile shows, how current it is, and what stands in the way. */
interface Shown {
  answer: Answer | null;
  asOf: number | null;
  heardAt: number | null;
  trouble: Trouble | null;
  isBroken: boolean;
}

const charts = new Charts();
let maps: Maps | null = null;
let heldBy: Holder | null = null;
/** Everything committed before this is counted, as it was last heard from anywhere. */
let watermark: number | null = null;
/** The server's clock against this machine's: walls are often minutes off. */
let offset = 0;

const now = (): number => Date.now() + offset;

const draw: { [N in TileName]: (data: Tiles[N]) => void } = {
  figures,
  measures,
  checkpoints: (data) => checkpoints(data, knownUntil('checkpoints')),
  hours: (data) => charts.hours(data),
  days: (data) => charts.days(data),
  map: (data) => maps?.draw(data, knownUntil('map')),
  origins,
  purposes,
  transports,
  destinations,
  funnel,
  duty,
  defence,
  check_ins: checkIns,
  watermark: (data) => {
    heldBy = data.held_by;
  },
};
const paces: Record<TileName, Pace> = {
  figures: AT_ONCE, checkpoints: AT_ONCE, hours: SOON, days: SOON, map: SOON, origins: SOON, measures: SOON,
  purposes: SOON, transports: SOON, destinations: SOON, funnel: SOON, duty: ALWAYS, defence: SOON, check_ins: SOON, watermark: ALWAYS,
}; // prettier-ignore
const names = Object.keys(paces) as TileName[];
const nothing = (): Shown => ({ answer: null, asOf: null, heardAt: null, trouble: null, isBroken: false });
const tiles = new Map<TileName, Shown>(names.map((name) => [name, nothing()]));

const of = (name: TileName): Shown => tiles.get(name) ?? nothing();

/** Silence is judged by what is counted: a wall that is cut off, or a fold that is held back, silences no checkpoint. */
const knownUntil = (name: TileName): number => of(name).asOf ?? now();

function redraw(name: TileName): void {
  const tile = of(name);
  if (!tile.answer) return;
  try {
    (draw[name] as (data: unknown) => void)(tile.answer.data);
    tile.isBroken = false;
  } catch {
    tile.isBroken = true;
  }
}

function onAnswer(answer: Answer): void {
  offset = Date.parse(answer.as_of) - Date.now();
  of(answer.tile).answer = answer;
  onConfirmed(answer.tile, answer.watermark);
  redraw(answer.tile);
  tick();
}

/** An answer that was not sent again counts up to whatever is known to be counted. */
function onConfirmed(name: TileName, heard: string | null): void {
  if (heard !== null) watermark = Math.max(watermark ?? 0, Date.parse(heard));
  Object.assign(of(name), { asOf: watermark, heardAt: Date.now(), trouble: null });
}

function onNews(news: News): void {
  watermark = news.watermark === null ? null : Date.parse(news.watermark);
  tick();
}

function onTrouble(name: TileName, trouble: Trouble): void {
  of(name).trouble = trouble;
  tick();
}

const isLost = ({ heardAt, trouble }: Shown): boolean => trouble !== null || (heardAt !== null && Date.now() - heardAt > LOST_MS);

function tick(): void {
  put(byId('clock'), clock(now()));
  put(byId('day'), day(now()));
  const troubles = names.map((name) => of(name).trouble);
  byId('signed-out').hidden = !troubles.includes('SIGNED_OUT') || troubles.includes('ENDED');
  byId('display-ended').hidden = !troubles.includes('ENDED');
  head(troubles.every((trouble) => trouble !== null) || names.every((name) => isLost(of(name))));
  names.forEach((name) => document.querySelectorAll<HTMLElement>(`[data-tile="${name}"]`).forEach((tile) => mark(tile, of(name))));
}

function head(isAllLost: boolean): void {
  const { name, values, isWarning } = freshness({ asOf: watermark, now: now(), isLost: isAllLost, heldBy }, clock);
  put(byId('as-of'), say(name, values));
  byId('as-of').classList.toggle('is-old', isWarning);
}

/** Each tile says its own age when it is older than a minute, and its own failure; it keeps its last figures. */
function mark(tile: HTMLElement, shown: Shown): void {
  tile.classList.toggle('is-old', shown.isBroken || isLost(shown));
  tile.classList.toggle('is-empty', shown.answer === null);
  const state = tile.querySelector('.tile__state');
  if (state) put(state, stateOf(shown));
}

function stateOf(shown: Shown): string {
  const { answer, asOf, trouble, isBroken } = shown;
  if (isBroken) return say('broken');
  if (trouble === 'REBUILDING') return say('rebuilding');
  if (isLost(shown)) return answer === null || asOf === null ? say(isClosed(trouble) ? 'closedToYou' : 'lost') : say('lostAsOf', { at: clock(asOf) });
  if (answer === null) return say('reading');
  return asOf !== null && now() - asOf > OLD_MS ? say('age', { age: ago(now() - asOf) }) : '';
}

function loadMaps(): void {
  Maps.load().then(
    (loaded) => {
      maps = loaded;
      redraw('map');
    },
    () => window.setTimeout(loadMaps, REDRAW_MS),
  );
}

loadMaps();
window.setInterval(tick, 1_000);
// Ages grow without news: checkpoints are drawn again so that a silence shows.
window.setInterval(() => (['checkpoints', 'map'] as const).forEach(redraw), REDRAW_MS);
tick();
new Feed(paces, { answer: onAnswer, confirmed: onConfirmed, news: onNews, trouble: onTrouble }).start();
