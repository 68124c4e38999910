/** The phone decides what the server decides: both read tests/screening/cases.json. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import shared from '../../tests/screening/cases.json';
import type { Direction } from '../src/api/contract';
import { hashOf } from '../src/screening/content';
import { decide, factsOf, type ScreenedPerson } from '../src/screening/decide';
import { canonicalCode } from '../src/screening/reading';
import { isUnderstood, keptRules, loadRules, refreshRules, rulesInForce, type Rules } from '../src/screening/rules';
import { openLoopback, type Loopback } from './loopback';

const rules = shared.rules as unknown as Rules;
const cases = shared.cases as unknown as { name: string; person: ScreenedPerson; direction: Direction; on: string; rows: string[] }[];

describe('the rules in force', () => {
  it.each(cases)('$name', ({ person, direction, on, rows }) => {
    const decision = decide(rules, factsOf(person, direction, on));
    expect(decision.rows).toEqual(rows);
    expect(decision.rule_set).toBe(rules.hash);
    expect(decision.measures.map((measure) => measure.row)).toEqual(rows);
  });

  it('say a measure with its place, its days and its sentence, and nothing more', () => {
    const [quarantine, register] = decide(rules, factsOf({ from_code: '4201' }, 'IN', '2020-02-13')).measures;
    expect(quarantine).toEqual({ kind: 'QUARANTINE', row: 'affected-area', place: 'HOME', days: 14, say: rules.sentences['affected-area'] });
    expect(register).toEqual({ kind: 'REGISTER', row: 'arrival', say: rules.sentences['arrival'] });
  });

  it('are known by the hash of their content', async () => {
    const { hash, ...content } = rules;
    expect(await hashOf(content)).toBe(hash);
    expect(await hashOf({ ...content, affected_areas: ['42', '33'] })).not.toBe(hash);
  });
});

describe('division codes', () => {
  it.each([
    ['42', '420000'],
    ['4200', '420000'],
    ['420100', '420100'],
    ['4201', '420100'],
    ['420106', '420106'],
    ['420106000', '420106'],
    ['420106000000', '420106'],
    ['420106001000', '420106001'],
    ['210000000000', '210000'],
  ])('%s is %s', (code, canonical) => expect(canonicalCode(code)).toBe(canonical));
});

describe('the rules kept on the phone', () => {
  let server: Loopback;

  beforeEach(async () => {
    server = await openLoopback();
    keptRules.value = null;
  });
  afterEach(() => server.close());

  function answering(status: number, body: unknown): void {
    server.answer = (_request, response) => void response.writeHead(status).end(JSON.stringify(body));
  }

  it('are fetched once, and there again after a restart', async () => {
    answering(200, rules);
    await refreshRules();
    keptRules.value = null;
    await loadRules();
    expect(rulesInForce()).toEqual(rules);
  });

  it('are not replaced by what came damaged, nor by silence', async () => {
    answering(200, rules);
    await refreshRules();
    answering(200, { ...rules, affected_areas: [] });
    await refreshRules({ evenIfFresh: true });
    expect(rulesInForce()).toEqual(rules);
    answering(500, { error: { code: 'BROKEN', zh: '', en: '' } });
    await refreshRules({ evenIfFresh: true });
    expect(rulesInForce()).toEqual(rules);
  });

  it('decide nothing when they ask for what this program does not know', () => {
    const newer = { ...rules, rows: [{ ...rules.rows[0]!, when: ['VACCINATED'] }] } as unknown as Rules;
    expect(isUnderstood(newer)).toBe(false);
    keptRules.value = { rules: newer, confirmedAt: 0 };
    expect(rulesInForce()).toBeNull();
  });
});
