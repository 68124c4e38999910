import { describe, expect, it } from 'vitest';
import { bounceGuard } from '../src/form/bounce';
import { emptyCar, emptyPerson, type CarDraft, type PersonDraft } from '../src/form/draft';
import { isCommit } from '../src/form/enter';
import { markHealthy } from '../src/form/health';
import { inheritGuardian } from '../src/form/inherit';
import { dayPart } from '../src/form/lastTrip';
import { onlyAt, spanOf, stayAfter } from '../src/form/stays';
import { nextUnmeasured, STEPS, stepAfter } from '../src/form/steps';
import { NOON } from './samples';

const CARRIED = { transport: 'CAR', direction: 'IN', temperatureSite: 'FOREHEAD' } as const;

function person(changes: Partial<PersonDraft> = {}): PersonDraft {
  return { ...emptyPerson('FOREHEAD'), ...changes };
}

function car(changes: Partial<CarDraft> = {}): CarDraft {
  return { ...emptyCar(CARRIED), ...changes };
}

/** Answer each question as it is asked, starting with the name. */
function askedInTurn(of: PersonDraft, vehicle: CarDraft): string[] {
  const asked: string[] = ['name'];
  for (let step = stepAfter('name', of, vehicle); step; step = stepAfter(step, of, vehicle)) asked.push(step);
  return asked;
}

describe('the questions to one person', () => {
  it('come in one order and leave none of the ten clears out', () => {
    expect(askedInTurn(person(), car())).toEqual(STEPS.filter((step) => step !== 'questions'));
  });

  it('leave out what is known, what was taken over, and where transit goes', () => {
    const second = person({ phone: '13904160001', fromCode: '420100', toCode: '210381', address: '3 号', stays: [onlyAt('420100', NOON)] });
    expect(askedInTurn(second, car())).toEqual(['name', 'document', 'occupation', 'temperature', 'health']);
    expect(askedInTurn(person(), car({ purpose: 'TRANSIT' }))).not.toContain('to');
    expect(askedInTurn(person(), car({ purpose: 'TRANSIT' }))).not.toContain('address');
  });

  it('ask no child for telephone and occupation when somebody answers for it', () => {
    expect(askedInTurn(person({ guardianId: 'g' }), car())).not.toContain('occupation');
  });

  it('never go back', () => {
    expect(stepAfter('health', person(), car())).toBeNull();
    expect(stepAfter('temperature', person(), car())).toBe('health');
  });

  it('one answer sets both, and each stays an answer of its own', () => {
    const asked = person({ symptoms: ['COUGH'] });
    markHealthy(asked);
    expect(asked).toMatchObject({ symptoms: [], noSymptoms: true, caseContact: false });
    expect(stepAfter('temperature', asked, car())).toBeNull();
  });

  it('go on to whoever is declared and not measured, further down only', () => {
    const [first, second, third] = [person({ name: '甲' }), person({ name: '乙', temperatureState: 'READ' }), person({ name: '丙' })];
    const family = car({ people: [first!, second!, third!, person()] });
    expect(nextUnmeasured(family)).toBe(third);
    expect(nextUnmeasured({ ...family, current: 2 })).toBeNull();
  });
});

describe('a child', () => {
  it('is given the grown-up entered last, visibly and only as a proposal', () => {
    const [mother, brother, child] = [person({ name: '母' }), person({ name: '兄' }), person({ name: '儿' })];
    const family = car({ people: [mother!, brother!, child!] });
    inheritGuardian(family, child!, (one) => one === mother);
    expect(child).toMatchObject({ guardianId: mother!.id, inherited: ['guardianId'] });
    inheritGuardian(family, child!, (one) => one === brother);
    expect(child!.guardianId).toBe(mother!.id);
  });
});

describe('the fourteen days', () => {
  it('are one place in one tap, in days of Shanghai', () => {
    expect(onlyAt('420100', NOON)).toEqual({ code: '420100', from: '2020-01-27', to: '2020-02-10' });
    expect(onlyAt('420100', Date.parse('2020-02-10T16:30:00Z')).to).toBe('2020-02-11');
  });

  it('go on where the place before ended', () => {
    const wuhan = { code: '420100', from: '2020-01-27', to: '2020-02-03' };
    expect(stayAfter([wuhan], '210381', NOON)).toEqual({ code: '210381', from: '2020-02-03', to: '2020-02-10' });
    expect(spanOf(wuhan)).toBe('1.27–2.3');
  });
});

describe('small things', () => {
  it('a second tap within the blink of a glove is none', () => {
    const bounced = bounceGuard();
    expect([1000, 1200, 1399, 1400, 1700].map(bounced)).toEqual([false, true, true, false, true]);
  });

  it('a clock set back holds nobody up', () => {
    const bounced = bounceGuard();
    expect([5000, 1000].map(bounced)).toEqual([false, false]);
  });

  it('the last trip is told as people say it', () => {
    const at = (clock: string) => Date.parse(`2020-02-10T${clock}:00+08:00`);
    expect([at('06:30'), at('13:00'), at('18:00')].map((when) => dayPart(when, at('20:00')))).toEqual(['MORNING', 'AFTERNOON', 'EVENING']);
    expect(dayPart(at('23:00'), at('23:00') + 2 * 3_600_000)).toBe('YESTERDAY');
  });

  it('Enter that takes the input method’s proposal does not end the name', () => {
    const enter = (event: Partial<KeyboardEvent>) => isCommit({ isComposing: false, keyCode: 13, ...event } as KeyboardEvent);
    expect([enter({}), enter({ isComposing: true }), enter({ keyCode: 229 })]).toEqual([true, false, false]);
  });
});
