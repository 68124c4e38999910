/** The two charts: today by the hour, and the last 14 days. Canvas only, so nothing is styled inline. */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { Board } from './board';
import { days, hours, type Series } from './series';
import { byId } from './tiles';
import { figure, say } from './words';

use([BarChart, LineChart, GridComponent, CanvasRenderer]);

const FONT = getComputedStyle(document.body).fontFamily;
const INK = '#c8d3df';
const FAINT = '#2a3644';
const GROUND = '#121a23';
const VEHICLES = '#4f9cf0';
const PEOPLE = '#f2f5f8';

export class Charts {
  private readonly hourly = made('chart-hours');
  private readonly daily = made('chart-days');

  constructor() {
    for (const chart of [this.hourly, this.daily]) new ResizeObserver(() => chart.resize()).observe(chart.getDom());
  }

  drawHours(board: Board): void {
    const { labels, vehicles, people } = hours(board);
    const bar = { type: 'bar', barGap: '10%', barCategoryGap: '24%' };
    this.hourly.setOption({
      ...frame(labels, (n) => n % 3 === 0),
      series: [
        { ...bar, name: say('vehicles'), data: vehicles, itemStyle: { color: VEHICLES } },
        { ...bar, name: say('people'), data: people, itemStyle: { color: PEOPLE } },
      ],
    });
  }

  drawDays(board: Board): void {
    const { labels, vehicles, people } = days(board);
    this.daily.setOption({
      ...frame(labels, (n) => (labels.length - 1 - n) % 4 === 0),
      series: [...line(say('vehicles'), vehicles, VEHICLES), ...line(say('people'), people, PEOPLE)],
    });
  }
}

function made(id: string): EChartsType {
  return init(byId(id), undefined, { renderer: 'canvas' });
}

/** A rem of the wall is 1/120 of its width, so that it reads the same on every screen. */
function rem(count: number): number {
  return count * parseFloat(getComputedStyle(document.documentElement).fontSize);
}

function frame(labels: string[], labelled: (n: number) => boolean): object {
  const text = { color: INK, fontFamily: FONT, fontSize: rem(1.25) };
  return {
    animation: false,
    grid: { left: rem(0.25), right: rem(1), top: rem(1), bottom: rem(0.25), containLabel: true },
    xAxis: {
      type: 'category',
      data: labels,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: FAINT } },
      axisLabel: { ...text, interval: labelled },
    },
    yAxis: {
      type: 'value',
      splitNumber: 3,
      minInterval: 1,
      splitLine: { lineStyle: { color: FAINT } },
      axisLabel: { ...text, formatter: (value: number) => figure(value) },
    },
  };
}

/** Whole days as a line; today is not over, so it hangs on by a dotted one with an open dot. */
function line(name: string, data: Series['people'], color: string): object[] {
  const last = data.length - 1;
  const common = { type: 'line', name, symbol: 'circle', symbolSize: rem(0.6), showAllSymbol: true };
  const today = { value: data[last] ?? null, itemStyle: { color: GROUND, borderColor: color, borderWidth: rem(0.15) } };
  return [
    { ...common, data: data.map((value, n) => (n < last ? value : null)), lineStyle: { width: rem(0.25), color }, itemStyle: { color } },
    {
      ...common,
      data: data.map((value, n) => (n === last ? today : n === last - 1 ? { value, symbolSize: 0 } : null)),
      lineStyle: { width: rem(0.15), color, type: 'dashed' },
      itemStyle: { color },
    },
  ];
}
