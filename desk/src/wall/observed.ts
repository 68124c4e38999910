/** Check-ins of the half-day: how many reported of how many of whom it is asked. Of one to four people: few. */
import type { Counted, Tiles } from './answers';
import { byId, put, write } from './page';
import { figure, say, word } from './words';

export function checkIns(data: Tiles['check_ins']): void {
  put(byId('check-ins-half'), word('HALVES', data.half));
  const shown = [`${told(data.checked_in)} / ${told(data.called_for)}`, told(data.observed), told(data.symptomatic)];
  ['reported', 'observed', 'symptomatic'].forEach((id, n) => write(byId(`check-ins-${id}`), shown[n]!));
  put(byId('check-ins-released'), told(data.released_today));
  put(byId('check-ins-tomorrow'), told(data.due_tomorrow));
  // Three figures share one line: of a large city, and where words stand for them, they are set smaller.
  const wide = shown.join('').replace(/[^\x20-\x7e]/g, '00').length;
  byId('check-ins').className = `check-ins${wide > 20 ? ' is-longest' : wide > 15 ? ' is-long' : ''}`;
  byId('check-ins-symptomatic').classList.toggle('is-some', data.symptomatic.few || (data.symptomatic.n ?? 0) > 0);
}

const told = ({ n, few }: Counted): string => (few ? say('few') : n === null ? '—' : figure(n));
