/** Green before a shift: each line good, to be minded, or missing. */
import { describe, expect, it } from 'vitest';
import { checksOf, verdictOf, type Check, type CheckId, type Snapshot } from '../src/readiness/checks';
import type { Rules } from '../src/screening/rules';
import { readiness } from '../src/i18n/zh-Hans/readiness';
import { NOON } from './samples';

const HOUR = 3_600_000;
const rules = { hash: '8281eb5ed9dbff3f' } as Rules;

function ready(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    now: NOON,
    program: { active: true, files: 14, updateWaits: false },
    rules: { kept: rules, understood: true, confirmedAt: NOON - HOUR, named: rules.hash, lapsed: false },
    register: { places: 3_000, edition: '2019' },
    readingKeys: ['20200210', '20200211'],
    camera: 'GRANTED',
    clockOffsetMs: 900,
    storage: { freeMb: 5_000, persisted: true },
    battery: { percent: 90, charging: false },
    enrolledUntil: NOON + 20 * 24 * HOUR,
    outbox: { unsent: 0, setAside: 0 },
    ...changes,
  };
}

function check(id: CheckId, changes: Partial<Snapshot>): Check {
  return checksOf(ready(changes)).find((one) => one.id === id)!;
}

const CASES: [CheckId, Partial<Snapshot>, string, string][] = [
  ['program', { program: { active: false, files: 14, updateWaits: false } }, 'BAD', 'MISSING'],
  ['program', { program: { active: true, files: 0, updateWaits: false } }, 'BAD', 'MISSING'],
  ['program', { program: { active: true, files: 14, updateWaits: true } }, 'MIND', 'UPDATE'],
  ['rules', { rules: { kept: null, understood: false, confirmedAt: null, named: null, lapsed: false } }, 'BAD', 'MISSING'],
  ['rules', { rules: { kept: rules, understood: false, confirmedAt: NOON, named: null, lapsed: false } }, 'BAD', 'NEWER'],
  ['rules', { rules: { kept: rules, understood: true, confirmedAt: NOON - 25 * HOUR, named: rules.hash, lapsed: false } }, 'MIND', 'OLD'],
  ['rules', { rules: { kept: rules, understood: true, confirmedAt: NOON, named: 'another', lapsed: false } }, 'MIND', 'OLD'],
  ['rules', { rules: { kept: rules, understood: true, confirmedAt: NOON, named: rules.hash, lapsed: true } }, 'MIND', 'OVER'],
  ['rules', { rules: { kept: rules, understood: true, confirmedAt: NOON, named: null, lapsed: false } }, 'GOOD', 'NOW'],
  ['register', { register: { places: 0, edition: '' } }, 'BAD', 'MISSING'],
  ['readingKeys', { readingKeys: [] }, 'MIND', 'MISSING'],
  ['readingKeys', { readingKeys: ['20200210'] }, 'MIND', 'TODAY'],
  ['readingKeys', { readingKeys: ['20200209'] }, 'MIND', 'MISSING'],
  ['scanner', { camera: 'ASKS' }, 'MIND', 'ASKS'],
  ['scanner', { camera: 'DENIED' }, 'MIND', 'DENIED'],
  ['scanner', { camera: 'NONE' }, 'MIND', 'NONE'],
  ['clock', { clockOffsetMs: null }, 'MIND', 'UNKNOWN'],
  ['clock', { clockOffsetMs: 119_999 }, 'GOOD', 'RIGHT'],
  ['clock', { clockOffsetMs: 120_000 }, 'BAD', 'BEHIND'],
  ['clock', { clockOffsetMs: -600_000 }, 'BAD', 'AHEAD'],
  ['storage', { storage: { freeMb: 99, persisted: true } }, 'BAD', 'FULL'],
  ['storage', { storage: { freeMb: 0, persisted: true } }, 'BAD', 'FULL'],
  ['storage', { storage: { freeMb: 100, persisted: false } }, 'MIND', 'LOOSE'],
  ['storage', { storage: { freeMb: null, persisted: true } }, 'GOOD', 'KEPT'],
  ['battery', { battery: { percent: 50, charging: false } }, 'GOOD', 'THERE'],
  ['battery', { battery: { percent: 49, charging: false } }, 'MIND', 'LOW'],
  ['battery', { battery: { percent: 19, charging: false } }, 'BAD', 'LOW'],
  ['battery', { battery: { percent: 3, charging: true } }, 'GOOD', 'CHARGING'],
  ['enrolment', { enrolledUntil: null }, 'BAD', 'OVER'],
  ['enrolment', { enrolledUntil: NOON }, 'BAD', 'OVER'],
  ['enrolment', { enrolledUntil: NOON + 23 * HOUR }, 'MIND', 'SOON'],
  ['outbox', { outbox: { unsent: 3, setAside: 0 } }, 'MIND', 'WAITING'],
  ['outbox', { outbox: { unsent: 3, setAside: 1 } }, 'MIND', 'SET_ASIDE'],
];

describe('before a shift', () => {
  it('all is well when everything is there', () => {
    const checks = checksOf(ready());
    expect(checks.map(({ state }) => state)).toEqual(Array(10).fill('GOOD'));
    expect(verdictOf(checks)).toBe('GOOD');
  });

  it('the battery is left out where the browser does not tell', () => {
    expect(checksOf(ready({ battery: null })).map(({ id }) => id)).not.toContain('battery');
  });

  it.each(CASES)('%s of %j is %s: %s', (id, changes, state, says) => {
    expect(check(id, changes)).toMatchObject({ state, says });
    expect(verdictOf(checksOf(ready(changes)))).toBe(state);
  });

  it('every line has its words, and every act its button', () => {
    for (const [id, changes] of CASES) {
      const { says, act, figures } = check(id, changes);
      const words = (readiness.readiness.says[id] as Record<string, string>)[says];
      expect(words, `${id}.${says}`).toBeTruthy();
      for (const [figure] of words!.matchAll(/(?<=\{)\w+(?=\})/g)) expect(figures).toHaveProperty(figure);
      if (act) expect(readiness.readiness.acts).toHaveProperty(act);
    }
  });
});
