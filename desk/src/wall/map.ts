/** The two maps: the city with its checkpoints, and the country with the flows that come from other provinces. */
import { LinesChart, ScatterChart } from 'echarts/charts';
import { GeoComponent } from 'echarts/components';
import { registerMap, use, type EChartsType } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import type { CheckpointOnMap, Flow, Tiles } from './answers';
import { ACCENT, AMBER, canvas, GREEN, GROUND, INK, LAND, QUIET, RED, rem, type } from './canvas';
import { aspect, boundsOf, countiesAround, fromElsewhere, isWithin, middle, sizes, type Bounds, type Collection, type Place } from './geography';
import { bars } from './lists';
import { byId } from './page';
import type { Ranked } from './ranking';
import { stateOf, type State } from './silence';

use([LinesChart, ScatterChart, GeoComponent, LabelLayout]);

type MapInput = Parameters<typeof registerMap>[1];
interface Outlines {
  provinces: Collection;
  counties: Collection;
}

const LISTED = 5;
const BORDER = '#3d5165';
const OWN_LAND = '#233445';
const AFFECTED_LAND = '#4d2124';
const ALARMS_NAMED = 6;
const DIM = '#6f8296';
const MARKS: Record<State, { symbol: string; color: string }> = {
  FRESH: { symbol: 'circle', color: GREEN },
  AMBER: { symbol: 'triangle', color: AMBER },
  NEVER: { symbol: 'triangle', color: AMBER },
  RED: { symbol: 'rect', color: RED },
  CLOSED: { symbol: 'emptyCircle', color: QUIET },
};

export class Maps {
  private last: [Tiles['map'], number] | null = null;
  private shown: string | null = null;
  private readonly city = canvas('chart-city', () => this.again());
  private readonly country = canvas('chart-country', () => this.again());

  private constructor(private readonly outlines: Outlines) {
    registerMap('country', outlines.provinces as unknown as MapInput);
  }

  static async load(): Promise<Maps> {
    const response = await fetch(byId('map').dataset.outlines ?? '');
    if (!response.ok) throw new Error(`outlines: ${response.status}`);
    return new Maps((await response.json()) as Outlines);
  }

  draw(data: Tiles['map'], now: number): void {
    this.last = [data, now];
    const city = data.city?.code ?? '';
    const counties = countiesAround(this.outlines.counties, city);
    const surroundings = city !== '' && counties.features.length > 0 ? counties : this.outlines.provinces;
    if (this.shown !== city) registerMap('city', surroundings as unknown as MapInput);
    this.shown = city;
    const own = surroundings.features.filter((feature) => isWithin(feature, city));
    const points = data.checkpoints.map(({ at }) => at);
    const bounds = boundsOf(city === '' || surroundings === this.outlines.provinces ? [] : own, points) ?? boundsOf(surroundings.features, []);
    if (bounds) drawCity(this.city, data.checkpoints, own.map(({ properties }) => properties.name), bounds, now);
    const flows = fromElsewhere(data.flows, data.city?.code ?? null);
    const end = middle(own, city, data.checkpoints);
    drawCountry(this.country, this.outlines.provinces, flows, end);
    bars('flows', flows.slice(0, LISTED).map(named), 0);
  }

  private again(): void {
    if (this.last) this.draw(...this.last);
  }
}

function named({ code, name, people, is_affected }: Flow): Ranked {
  return { key: code, name: name ?? code, people, ...(is_affected ? { mark: 'affected' } : {}) };
}

function ground(map: string, bounds: Bounds | null, regions: object[]): object {
  const still = { disabled: true };
  return {
    map,
    silent: true,
    roam: false,
    left: 0,
    right: 0,
    top: 0,
    bottom: 0,
    aspectScale: bounds ? aspect(bounds) : 0.8,
    ...(bounds ? { boundingCoords: [[bounds.west, bounds.north], [bounds.east, bounds.south]] } : {}),
    itemStyle: { areaColor: LAND, borderColor: BORDER, borderWidth: rem(0.1) },
    label: { show: bounds !== null, ...type(1.25, DIM) },
    emphasis: still,
    select: still,
    regions,
  };
}

function drawCity(chart: EChartsType, checkpoints: CheckpointOnMap[], own: string[], bounds: Bounds, now: number): void {
  const across = sizes(checkpoints.map(({ today }) => today.people), rem(0.9), rem(2.4));
  const states = checkpoints.map((checkpoint) => stateOf(checkpoint, now));
  const isAlarm = states.map((state) => state === 'AMBER' || state === 'RED');
  const areFew = isAlarm.filter(Boolean).length <= ALARMS_NAMED;
  const data = checkpoints.map(({ name, at }, n) => {
    const { symbol, color } = MARKS[states[n]!];
    return {
      name,
      value: at,
      symbol,
      symbolSize: Math.max(across[n]!, isAlarm[n] ? rem(1.3) : 0),
      // At the eastern edge the name stands on the other side, so that it is not cut off.
      label: { position: at[0] > bounds.east - (bounds.east - bounds.west) / 4 ? 'left' : 'right' },
      itemStyle: { color, opacity: 0.9, borderColor: symbol === 'emptyCircle' ? color : GROUND, borderWidth: rem(0.12) },
    };
  });
  const label = { show: true, formatter: '{b}', ...type(1.25, INK), textBorderColor: GROUND, textBorderWidth: rem(0.2) };
  const outlined = { itemStyle: { areaColor: OWN_LAND, borderColor: QUIET, borderWidth: rem(0.15) }, label: { show: own.length > 1 } };
  chart.setOption({
    animation: false,
    geo: ground('city', bounds, own.map((name) => ({ name, ...outlined }))),
    series: [
      {
        type: 'scatter',
        coordinateSystem: 'geo',
        silent: true,
        data,
        label,
        // Names that would overlap are left out; those of silent checkpoints never are.
        labelLayout: ({ dataIndex = 0 }: { dataIndex?: number }) => ({ hideOverlap: !(areFew && isAlarm[dataIndex]) }),
      },
    ],
  });
}

function drawCountry(chart: EChartsType, provinces: Collection, flows: Flow[], end: Place | null): void {
  const outlines = new Map(provinces.features.map(({ properties }) => [properties.code, properties]));
  const widths = sizes(flows.map(({ people }) => people), rem(0.1), rem(0.45));
  const lines = flows.flatMap((flow, n) => {
    const from = outlines.get(flow.code)?.cp;
    if (!from || !end) return [];
    return [{ coords: [from, end], lineStyle: { color: flow.is_affected ? RED : ACCENT, width: widths[n], opacity: 0.9, curveness: 0.25 } }];
  });
  const regions = flows.map((flow) => ({
    name: outlines.get(flow.code)?.name ?? '',
    itemStyle: { areaColor: flow.is_affected ? AFFECTED_LAND : OWN_LAND },
  }));
  chart.setOption({
    animation: false,
    geo: ground('country', null, regions),
    series: [
      { type: 'scatter', coordinateSystem: 'geo', silent: true, symbolSize: rem(0.5), itemStyle: { color: INK }, data: end ? [end] : [], z: 3 },
      { type: 'lines', coordinateSystem: 'geo', silent: true, data: lines },
    ],
  });
}
