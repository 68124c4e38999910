/** Divisions as a tree: children, full names, search. Pure. */
import type { Division } from '../api/contract';

/** Names that say nothing on their own: the level between a municipality and its districts. */
const FILLERS = new Set(['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划']);

export class Tree {
  private readonly byCode = new Map<string, Division>();
  private readonly byParent = new Map<string, Division[]>();

  constructor(private readonly divisions: Division[]) {
    for (const division of divisions) {
      this.byCode.set(division.code, division);
      const siblings = this.byParent.get(division.parent ?? '');
      if (siblings) siblings.push(division);
      else this.byParent.set(division.parent ?? '', [division]);
    }
  }

  get size(): number {
    return this.divisions.length;
  }

  has(code: string): boolean {
    return this.byCode.has(code);
  }

  /** The divisions directly under a code; the provinces for null. */
  children(code: string | null): Division[] {
    return this.byParent.get(code ?? '') ?? [];
  }

  /** From the province down to the division itself; empty for an unknown code. */
  path(code: string): Division[] {
    const steps: Division[] = [];
    for (let step = this.byCode.get(code); step; step = step.parent ? this.byCode.get(step.parent) : undefined) {
      steps.unshift(step);
    }
    return steps;
  }

  /** 辽宁省 鞍山市 海城市, without the fillers; the bare code while the register is not there. */
  fullName(code: string): string {
    return this.names(code).join(' ') || code;
  }

  /** The last two names, which tell places apart where there is little room: 海城市 析木镇. */
  shortName(code: string): string {
    return this.names(code).slice(-2).join(' ') || code;
  }

  /** The place's own name: 析木镇. */
  ownName(code: string): string {
    return this.names(code).pop() ?? code;
  }

  private names(code: string): string[] {
    const names = this.path(code).map((step) => everydayName(step.name));
    return names.filter((name, level) => !FILLERS.has(name) || level === names.length - 1);
  }

  /** Names that start with the words, then names that hold them, larger divisions first. A code finds itself. */
  search(words: string, limit: number): Division[] {
    const query = words.normalize('NFKC').trim();
    if (!query) return [];
    const hits = this.divisions.filter(({ code, name }) => !FILLERS.has(name) && (name.includes(query) || code.startsWith(query)));
    const rank = ({ code, name }: Division) => (name.startsWith(query) || code.startsWith(query) ? 0 : 100) + depth(code);
    return hits.sort((a, b) => rank(a) - rank(b) || a.code.localeCompare(b.code)).slice(0, limit);
  }
}

/** What people call a village or community: 析木村, not 析木村委会. */
export function everydayName(name: string): string {
  return name.replace(/(村)(民?委员?会)$/, '$1').replace(/(社区)(居民?委员?会)$/, '$1');
}

/** 2 for a province, 4 for a city, 6, 9 and 12 below. */
function depth(code: string): number {
  return code.length > 6 ? code.length : code.replace(/(00)+$/, '').length;
}
