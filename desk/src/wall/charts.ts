/** The two charts: today by the hour beside yesterday, and the last 14 days. */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { Tiles } from './answers';
import { ACCENT, canvas, FAINT, GROUND, INK, rem, type } from './canvas';
import { byId } from './page';
import { days, hours } from './series';
import { figure, say } from './words';

use([BarChart, LineChart, GridComponent, CanvasRenderer]);

const YESTERDAY = '#53657a';

export class Charts {
  private last: { hours?: Tiles['hours']; days?: Tiles['days'] } = {};
  private readonly hourly = canvas('chart-hours', () => this.last.hours && this.hours(this.last.hours));
  private readonly daily = canvas('chart-days', () => this.last.days && this.days(this.last.days));

  hours(data: Tiles['hours']): void {
    this.last.hours = data;
    const { labels, today, yesterday, open } = hours(data);
    byId('no-hours').hidden = [...today, ...yesterday].some((value) => value !== null);
    const bar = { type: 'bar', barGap: '0%', barCategoryGap: '22%' };
    // The hour that is not over is only an outline.
    const unfinished = { color: GROUND, borderColor: ACCENT, borderWidth: rem(0.15) };
    this.hourly.setOption({
      ...frame(labels, (n) => n % 3 === 0, 3),
      series: [
        { ...bar, name: say('yesterday'), data: yesterday, itemStyle: { color: YESTERDAY } },
        {
          ...bar,
          name: say('today'),
          data: today.map((value, hour) => (hour === open ? { value, itemStyle: unfinished } : value)),
          itemStyle: { color: ACCENT },
        },
      ],
    });
  }

  days(data: Tiles['days']): void {
    this.last.days = data;
    const { labels, vehicles, people } = days(data);
    byId('no-days').hidden = people.some((value) => value !== null);
    this.daily.setOption({
      ...frame(labels, (n) => (labels.length - 1 - n) % 6 === 0, 1),
      series: [...line(say('vehicles'), vehicles, ACCENT), ...line(say('people'), people, INK)],
    });
  }
}

function frame(labels: string[], labelled: (n: number) => boolean, steps: number): object {
  return {
    animation: false,
    grid: { left: rem(0.25), right: rem(1), top: rem(1), bottom: rem(0.25), containLabel: true },
    xAxis: {
      type: 'category',
      data: labels,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: FAINT } },
      axisLabel: { ...type(1.25), interval: labelled },
    },
    yAxis: {
      type: 'value',
      splitNumber: steps,
      minInterval: 1,
      splitLine: { lineStyle: { color: FAINT } },
      axisLabel: { ...type(1.25), formatter: (value: number) => figure(value) },
    },
  };
}

/** Whole days as a line; today is not over, so it hangs on by a dotted one with an open dot. */
function line(name: string, data: (number | null)[], color: string): object[] {
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
