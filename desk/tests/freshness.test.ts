import { describe, expect, it } from 'vitest';
import { freshness } from '../src/wall/freshness';

const at = Date.parse('2020-02-13T18:00:06+08:00');
const psql = { program: 'psql', role: 'lianfang_app', database: 'lianfang' };
const said = (changes: Partial<Parameters<typeof freshness>[0]>) =>
  freshness({ asOf: at, now: at, isLost: false, heldBy: null, ...changes }, () => '18:00:06');

describe('the head of the wall', () => {
  it('says up to when everything is counted', () => {
    expect(said({ now: at + 5_000 })).toEqual({ name: 'asOf', values: { at: '18:00:06' }, isWarning: false });
  });

  it('says who holds late figures back', () => {
    expect(said({ now: at + 12_400, heldBy: psql })).toEqual({
      name: 'lateHeldBy', values: { at: '18:00:06', n: 12, program: 'psql', role: 'lianfang_app' }, isWarning: true,
    });
  });

  it('names the role where the program has no name', () => {
    expect(said({ now: at + 12_000, heldBy: { ...psql, program: '' } }).values.program).toBe('lianfang_app');
  });

  it('says that the counting has fallen behind when nobody is writing', () => {
    expect(said({ now: at + 5_001 })).toMatchObject({ name: 'late', values: { n: 5 }, isWarning: true });
    expect(said({ now: at + 180_000 })).toMatchObject({ name: 'lateMinutes', values: { n: 3 } });
    expect(said({ now: at + 180_000, heldBy: psql })).toMatchObject({ name: 'lateMinutesHeldBy' });
  });

  it('forgets who held back as soon as the figures are fresh', () => {
    expect(said({ now: at + 900, heldBy: psql }).name).toBe('asOf');
  });

  it('blames a lost connection on nobody', () => {
    expect(said({ now: at + 60_000, isLost: true, heldBy: psql })).toMatchObject({ name: 'lostAsOf', isWarning: true });
  });

  it('has nothing to say before the first fold, and a clock that runs behind is no lateness', () => {
    expect(said({ asOf: null })).toMatchObject({ name: 'noWatermark', isWarning: false });
    expect(said({ now: at - 90_000 })).toMatchObject({ name: 'asOf', isWarning: false });
  });
});
