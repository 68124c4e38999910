import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boundsOf, countiesAround, fromElsewhere, isWithin, middle, prefix, sizes, type Collection } from '../src/wall/geography';

const registers = new URL('../../lianfang/regions/registers/', import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, registers), 'utf8')) as Collection;
const counties = read('outlines_jinzhou_anshan_counties.geojson');
const provinces = read('outlines_china_provinces.geojson');
const flow = (code: string, people: number) => ({ code, name: null, people, today: 0, is_affected: false });
const checkpoint = (at: [number, number]) => ({ code: 'A', name: 'A', at, today: { passages: 0, vehicles: 0, people: 0 } });

describe('the map of a city', () => {
  it('shows its county among the neighbours, or all its counties', () => {
    const around = countiesAround(counties, '210381');
    expect(around.features).toHaveLength(7);
    expect(around.features.filter((feature) => isWithin(feature, '210381')).map(({ properties }) => properties.name)).toEqual(['海城市']);
    expect(around.features.filter((feature) => isWithin(feature, '210300'))).toHaveLength(7);
  });

  it('has no outline of a city that is not on file', () => {
    expect(countiesAround(counties, '420100').features).toEqual([]);
  });

  it('holds every checkpoint, also one outside the outline, and keeps some ground around', () => {
    const own = counties.features.filter(({ properties }) => properties.code === '210381');
    const bounds = boundsOf(own, [[124, 40]]);
    expect(bounds!.east).toBeGreaterThan(124);
    expect(bounds!.south).toBeLessThan(40);
    expect(bounds!.west).toBeLessThan(122.4);
  });

  it('of a single checkpoint is no point', () => {
    const bounds = boundsOf([], [[122, 41]])!;
    expect(bounds.east - bounds.west).toBeGreaterThan(0.01);
    expect(boundsOf([], [])).toBeNull();
  });
});

describe('the map of the country', () => {
  it('is given every boundary line, the one in the South China Sea among them', () => {
    const lines = provinces.features.filter(({ properties }) => properties.code === '');
    expect(lines).toHaveLength(8);
    expect(boundsOf(lines, [])!.south).toBeLessThan(5);
    expect(boundsOf(provinces.features, [])!.south).toBeLessThan(5);
  });

  it('shows flows of other provinces only', () => {
    expect(fromElsewhere([flow('210000', 9), flow('220000', 3), flow('420000', 0)], '210381').map(({ code }) => code)).toEqual(['220000']);
    expect(fromElsewhere([flow('210000', 9)], null)).toHaveLength(1);
  });

  it('ends them in the city, or among its checkpoints', () => {
    expect(middle(counties.features, '210381', [])).toEqual([122.80187, 40.82701]);
    expect(middle([], '420100', [checkpoint([114, 30]), checkpoint([115, 31])])).toEqual([114.5, 30.5]);
    expect(middle([], '420100', [])).toBeNull();
  });
});

it('codes are cut to what carries meaning', () => {
  expect(['210000', '210300', '210381', '210700'].map(prefix)).toEqual(['21', '2103', '210381', '2107']);
});

it('the area of a mark grows with the people, and a few are never large', () => {
  expect(sizes([0, 100, 400], 1, 5)).toEqual([1, 3, 5]);
  expect(Math.max(...sizes([1, 2], 1, 5))).toBeLessThan(2.5);
});
