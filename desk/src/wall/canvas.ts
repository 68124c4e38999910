/** What charts and maps share: colours, type, and sizes that follow the wall's width. Canvas only, so nothing is styled inline. */
import { init, type EChartsType } from 'echarts/core';
import { byId } from './page';

export const FONT = getComputedStyle(document.body).fontFamily;
export const INK = '#f2f5f8';
export const QUIET = '#a9b7c6';
export const FAINT = '#2a3644';
export const GROUND = '#121a23';
export const LAND = '#1d2935';
export const ACCENT = '#4f9cf0';
export const GREEN = '#39b56a';
export const AMBER = '#ffb81c';
export const RED = '#ff5b50';

/** A rem of the wall is 1/120 of its width, so that it reads the same on every screen. */
export function rem(count: number): number {
  return count * parseFloat(getComputedStyle(document.documentElement).fontSize);
}

export function type(size: number, color = QUIET): { color: string; fontFamily: string; fontSize: number } {
  return { color, fontFamily: FONT, fontSize: rem(size) };
}

/** A canvas in a box of the page; `redraw` is called when the box has another size. */
export function canvas(id: string, redraw: () => void): EChartsType {
  const chart = init(byId(id), undefined, { renderer: 'canvas' });
  new ResizeObserver(() => {
    chart.resize();
    redraw();
  }).observe(chart.getDom());
  return chart;
}
