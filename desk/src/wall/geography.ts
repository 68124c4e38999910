/** Which outlines a map shows, how much of the country, and how large its marks are. Pure. */
import type { CheckpointOnMap, Flow } from './answers';

export type Place = [number, number];

export interface Feature {
  type: 'Feature';
  properties: { code: string; name: string; cp: Place };
  geometry: { type: string; coordinates: unknown };
}

export interface Collection {
  type: 'FeatureCollection';
  features: Feature[];
}

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

const MARGIN = 0.06;
const FEW = 30;
const SMALLEST = 0.15; // degrees: a single checkpoint still stands in some surroundings

/** 210381 → 210381, 210300 → 2103, 210000 → 21. */
export function prefix(code: string): string {
  return code.replace(/(00){1,2}$/, '');
}

/** The counties of the city, or those around it where the city is a county itself. */
export function countiesAround(all: Collection, city: string): Collection {
  return { type: 'FeatureCollection', features: all.features.filter(({ properties }) => properties.code.startsWith(city.slice(0, 4))) };
}

export function isWithin(feature: Feature, city: string): boolean {
  return feature.properties.code !== '' && feature.properties.code.startsWith(prefix(city));
}

/** What must be seen: the city's own counties and every checkpoint, with some ground around. */
export function boundsOf(features: Feature[], points: Place[]): Bounds | null {
  const places = [...features.flatMap(({ geometry }) => flat(geometry.coordinates)), ...points];
  if (places.length === 0) return null;
  const [longitudes, latitudes] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const box = { west: Math.min(...longitudes), south: Math.min(...latitudes), east: Math.max(...longitudes), north: Math.max(...latitudes) };
  const [wide, high] = [Math.max(box.east - box.west, SMALLEST) * MARGIN, Math.max(box.north - box.south, SMALLEST) * MARGIN];
  return { west: box.west - wide, south: box.south - high, east: box.east + wide, north: box.north + high };
}

function flat(coordinates: unknown): Place[] {
  if (!Array.isArray(coordinates)) return [];
  return typeof coordinates[0] === 'number' ? [coordinates as Place] : coordinates.flatMap(flat);
}

/** A degree of longitude against one of latitude. */
export function aspect({ south, north }: Bounds): number {
  return Math.cos((((south + north) / 2) * Math.PI) / 180);
}

/** The area of a mark tells how many: the most is `largest` across, nobody `smallest`. A few people are never large. */
export function sizes(people: number[], smallest: number, largest: number): number[] {
  const most = Math.max(FEW, ...people);
  return people.map((n) => smallest + (largest - smallest) * Math.sqrt(n / most));
}

/** Flows from other provinces than the city's own, the most people first. */
export function fromElsewhere(flows: Flow[], city: string | null): Flow[] {
  return flows.filter(({ code, people }) => people > 0 && code.slice(0, 2) !== city?.slice(0, 2));
}

/** Where the flows end: the middle of the city's own outline, or of its checkpoints. */
export function middle(features: Feature[], city: string, checkpoints: CheckpointOnMap[]): Place | null {
  const own = features.find(({ properties }) => properties.code === city);
  if (own) return own.properties.cp;
  const box = boundsOf([], checkpoints.map(({ at }) => at));
  return box && [(box.west + box.east) / 2, (box.south + box.north) / 2];
}
