/** Who should be there and is not, and what is counted of a line of defence. Pure. */
import type { DefenceFigure, OnDuty } from './answers';

export function isMissing({ state }: OnDuty): boolean {
  return state === 'PLANNED' || state === 'ABSENT';
}

/** Figures that somebody counts, the few that are not told among them. */
export function counted(figures: DefenceFigure[]): DefenceFigure[] {
  return figures.filter(({ n, few }) => n !== null || few);
}
