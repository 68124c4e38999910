/** What a stylesheet promises: contrast outdoors, and nothing the content security policy refuses. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isDark } from '../src/device/daylight';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));
const tokens = readFileSync(`${SOURCE}/styles/tokens.css`, 'utf8');

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

/** The colours of a block: the day's come first, the night's replace them. */
function palette(theme: 'light' | 'dark'): Record<string, string> {
  const blocks = tokens.split('}').filter((block) => theme === 'dark' || !block.includes("[data-theme='dark']"));
  const pairs = blocks.flatMap((block) => [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)]);
  return Object.fromEntries(pairs.map(([, name, colour]) => [name, colour!]));
}

/** Contrast ratio of WCAG 2. */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const READ_OUTDOORS: [string, string][] = [
  ['ink', 'ground'],
  ['ink', 'paper'],
  ['ink', 'key'],
  ['ink', 'dock'],
  ['quiet', 'paper'],
  ['quiet', 'ground'],
  ['on-accent', 'accent'],
  ['on-head', 'head'],
  ['accent', 'paper'],
  ['good', 'ground'],
  ['good', 'key'],
  ['good', 'paper'],
  ['bad', 'paper'],
  ['bad', 'ground'],
  ['warn', 'warn-ground'],
  ['bad', 'bad-ground'],
  ['on-measure', 'measure-register'],
  ['on-re-measure', 'measure-re-measure'],
  ['on-measure', 'measure-notify-grid'],
  ['on-measure', 'measure-quarantine'],
  ['on-measure', 'measure-fever-clinic'],
  ['on-measure', 'measure-turn-back'],
];

describe.each(['light', 'dark'] as const)('by %s', (theme) => {
  const colours = palette(theme);
  it.each(READ_OUTDOORS)('%s on %s can be read outdoors', (text, ground) => {
    expect(contrast(colours[text]!, colours[ground]!)).toBeGreaterThanOrEqual(7);
  });
});

describe('the source', () => {
  const sources = files(SOURCE).filter((path) => /\.(ts|vue|css)$/.test(path));

  it('has no file longer than two hundred lines', () => {
    expect(sources.filter((path) => !path.includes('/api/schema') && readFileSync(path, 'utf8').split('\n').length > 201)).toEqual([]);
  });

  it('has no style attribute and no inserted markup', () => {
    expect(sources.filter((path) => /\sstyle="|v-html|innerHTML/.test(readFileSync(path, 'utf8')))).toEqual([]);
  });
});

describe('the screen', () => {
  it('is dark at night by the clock, unless the officer chose', () => {
    expect([5, 6, 12, 17, 18, 23].map((hour) => isDark('CLOCK', hour))).toEqual([true, false, false, false, true, true]);
    expect(isDark('LIGHT', 23)).toBe(false);
    expect(isDark('DARK', 12)).toBe(true);
  });
});
