/** The program as it was before rules were data, still in some phone's store, and the answer it gets to GET /api/v1/rules today. */
import { describe, expect, it } from 'vitest';
import shared from '../../tests/screening/cases.json';
import { hashOf } from '../src/screening/content';

interface OldRules {
  hash: string;
  rows: { row: string; when: string[] }[];
  sentences: Record<string, unknown>;
}

const CONDITIONS: readonly string[] = ['SYMPTOM', 'FEVER', 'LOW_READING', 'AFFECTED_AREA', 'ALWAYS'];

/** Word for word what it asked of an answer before it kept it … */
async function isWhole(rules: OldRules): Promise<boolean> {
  const { hash, ...content } = rules;
  return Array.isArray(rules.rows) && hash === (await hashOf(content));
}

/** … and before it decided by it. */
function isUnderstood(rules: OldRules): boolean {
  return rules.rows.every((row) => row.when.every((condition) => CONDITIONS.includes(condition)) && row.row in rules.sentences);
}

const VALID = { from: '2020-02-01T00:00:00+08:00', to: '2020-03-01T00:00:00+08:00' };

describe.each(Object.entries(shared.sets))('an old program that gets %s', (_, set) => {
  it.each([[VALID], [null]])('does not keep it, whatever its time: %j', async (valid) => {
    expect(await isWhole({ ...set, valid } as unknown as OldRules)).toBe(false);
  });
});

describe('an old program that has kept rules of form 2 all the same', () => {
  it.each(Object.entries(shared.sets).filter(([, { rows }]) => rows[0]!.when.length))('decides nothing by %s, and throws at nobody', (_, set) => {
    expect(isUnderstood(set as unknown as OldRules)).toBe(false);
  });
});
