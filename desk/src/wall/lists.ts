/** The lists with bars: places, purposes, means of transport, and the way through quarantine. */
import type { Tiles } from './answers';
import { byId, element, lines, put, write } from './page';
import { ranked, type Ranked } from './ranking';
import { figure, say, share, word } from './words';

const ORIGINS = 5;
const SHORT = 5;
const UNKNOWN = '?';

export function origins(data: Tiles['origins']): void {
  const rows = data.counties.map((row) => ({ key: row.code, name: placeName(row), people: row.people }));
  bars('origins', rows.slice(0, ORIGINS), data.people);
  put(byId('unknown-origins'), data.unknown > 0 ? say('unknownOrigins', { n: figure(data.unknown) }) : '');
}

export function destinations(data: Tiles['destinations']): void {
  const rows = data.places.map((row) => ({ key: row.code, name: placeName(row), people: row.people }));
  bars('destinations', rows.slice(0, SHORT), 0);
}

export function purposes({ purposes: rows }: Tiles['purposes']): void {
  todays('purposes', rows.map((row) => ({ ...row, key: row.purpose ?? UNKNOWN, name: nameOf('PURPOSES', row.purpose) })));
}

export function transports({ transports: rows }: Tiles['transports']): void {
  const named = rows.map((row) => ({ ...row, key: row.transport ?? UNKNOWN, name: nameOf('TRANSPORTS', row.transport) }));
  // Trains and people on foot are not counted in 台次: no figure, rather than a zero.
  todays('transports', named.map(({ vehicles, ...row }) => (vehicles > 0 ? { ...row, vehicles } : row)));
}

export function funnel({ steps }: Tiles['funnel']): void {
  const rows = steps.map(({ step, people, few }) => ({ key: step, name: word('FUNNEL', step), people, few }));
  bars('funnel', rows, 0);
}

function todays(id: string, rows: Ranked[]): void {
  bars(id, ranked(rows, SHORT, (n) => say('restItems', { n })), 0);
}

/** With `whole`, each line tells its share of it as well. */
export function bars(id: string, rows: Ranked[], whole: number): void {
  const most = Math.max(1, ...rows.map(({ people }) => people ?? 0));
  const made = lines(byId(id), rows, ({ key }) => key, newLine);
  rows.forEach((row, n) => fill(made[n]!, row, most, whole));
  byId(`no-${id}`).hidden = rows.length > 0;
}

function newLine(): HTMLElement {
  const line = element('li', 'bar');
  const bar = document.createElement('progress');
  bar.className = 'bar__length';
  line.append(element('span', 'bar__name'), bar, element('span', 'bar__vehicles'), element('span', 'bar__people'), element('span', 'bar__share'));
  return line;
}

function fill(line: HTMLElement, row: Ranked, most: number, whole: number): void {
  const [name, bar, vehicles, people, part] = Array.from(line.children) as HTMLElement[];
  line.className = `bar${row.people === null ? ' bar--uncounted' : ''}${row.mark ? ` bar--${row.mark}` : ''}`;
  put(name!, row.name);
  (bar as HTMLProgressElement).max = most;
  (bar as HTMLProgressElement).value = row.people ?? 0;
  write(vehicles!, row.vehicles === undefined ? '' : figure(row.vehicles));
  write(people!, row.people === null ? say(row.few ? 'few' : 'notCounted') : figure(row.people));
  put(part!, row.people === null ? '' : share(row.people, whole));
}

/** A record may say no closer than the city, the province or the county where it is. */
function placeName({ code, name }: { code: string; name: string | null }): string {
  const isVague = code.endsWith(code.length > 6 ? '000' : '00');
  return isVague ? say('placeNoCloser', { place: name ?? code }) : name ?? code;
}

function nameOf(list: string, code: string | null): string {
  return code === null ? say('notSaid') : word(list, code);
}
