/** Check-ins of the half-day: how many reported of how many of whom it is asked. Of one to four people: few. */
import type { Counted, Tiles } from './answers';
import { byId, put, write } from './page';
import { figure, say, word } from './words';

export function checkIns(data: Tiles['check_ins']): void {
  put(byId('check-ins-half'), word('HALVES', data.half));
  write(byId('check-ins-reported'), `${told(data.checked_in)} / ${told(data.called_for)}`);
  write(byId('check-ins-observed'), told(data.observed));
  write(byId('check-ins-symptomatic'), told(data.symptomatic));
  const isWordy = [data.checked_in, data.called_for, data.observed, data.symptomatic].some(({ few }) => few);
  byId('check-ins').classList.toggle('is-wordy', isWordy);
  byId('check-ins-symptomatic').classList.toggle('is-some', data.symptomatic.few || (data.symptomatic.n ?? 0) > 0);
}

const told = ({ n, few }: Counted): string => (few ? say('few') : n === null ? '—' : figure(n));
