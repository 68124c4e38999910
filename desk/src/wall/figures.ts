/** The large figures and the measures. Without a report there is a dash, never a zero. */
import { hasReported, type Figures, type Tiles } from './answers';
import { byId, put, write } from './page';
import { figure, say } from './words';

const LONG = 10_000;
const LONGEST = 100_000;

export function figures({ totals, today, by_now: compared }: Tiles['figures']): void {
  const nothing = !hasReported(today);
  large('today', today, nothing);
  large('total', totals, !hasReported(totals));
  byId('nothing-today').hidden = !nothing;
  const most = Math.max(today.vehicles, today.people);
  byId('figures').classList.toggle('figures--long', most >= LONG);
  byId('figures').classList.toggle('figures--longest', most >= LONGEST);
  for (const unit of ['vehicles', 'people'] as const) {
    const values = compared && { hour: compared.hour, today: figure(compared.today[unit]), yesterday: figure(compared.yesterday[unit]) };
    put(byId(`by-now-${unit}`), values ? say('byNow', values) : '');
  }
}

function large(which: string, sums: Figures, nothing: boolean): void {
  for (const unit of ['vehicles', 'people'] as const) {
    const number = byId(`${which}-${unit}`);
    write(number, nothing ? '—' : figure(sums[unit]));
    number.classList.toggle('is-nothing', nothing);
  }
}

export function measures({ arrived, measures: rows }: Tiles['measures']): void {
  const today = new Map(rows.map((row) => [row.kind, row.today]));
  const hasAny = rows.some((row) => row.today > 0);
  document.querySelectorAll<HTMLElement>('[data-measure]').forEach((line) => {
    const kind = line.dataset.measure ?? '';
    const number = line.querySelector('.measure-line__number');
    if (number) write(number, arrived > 0 || hasAny ? figure(today.get(kind) ?? 0) : '—');
    line.hidden = line.dataset.always === undefined && !today.get(kind);
  });
}
