import { describe, expect, it } from 'vitest';
import { late, noteLate, takeLate } from '../src/measures/late';
import { measuresOf, needsAct, strongestFirst } from '../src/measures/measures';
import { item, measure, NOON, passage, receipt } from './samples';

describe('measures', () => {
  it('lead with the strongest, whatever order they came in', () => {
    const kinds = strongestFirst(['REGISTER', 'FEVER_CLINIC', 'QUARANTINE', 'RE_MEASURE'].map((kind) => measure(kind))).map((one) => one.kind);
    expect(kinds).toEqual(['FEVER_CLINIC', 'QUARANTINE', 'RE_MEASURE', 'REGISTER']);
  });

  it('put a kind this version does not know last', () => {
    expect(strongestFirst([measure('SOMETHING_NEW'), measure('REGISTER')])[0]?.kind).toBe('REGISTER');
  });

  it('never say "pass" beside a stronger one', () => {
    const sent = passage();
    const answer = receipt({ kind: 'PASSAGE', passage: sent }, 'ACCEPTED', [{ measures: [measure('REGISTER'), measure('FEVER_CLINIC'), measure('QUARANTINE')] }]);
    const [shown] = measuresOf(sent, answer);
    expect(shown).toMatchObject({ label: '王**', lead: { kind: 'FEVER_CLINIC' } });
    expect(shown?.others.map((one) => one.kind)).toEqual(['QUARANTINE']);
  });

  it('show a person the server said nothing about as registered', () => {
    const sent = passage();
    expect(measuresOf(sent, receipt({ kind: 'PASSAGE', passage: sent }, 'ACCEPTED', [{ measures: [] }]))[0]?.lead).toBeNull();
  });
});

describe('a receipt that comes after the form moved on', () => {
  const sent = item();
  const finished = { passage: passage(), savedAt: NOON };

  it('is told while the car may still stand there', () => {
    const fever = receipt(sent, 'ACCEPTED', [{ measures: [measure('FEVER_CLINIC')] }]);
    noteLate(finished, fever, NOON + 60_000);
    expect(late.value).toHaveLength(1);
    expect(takeLate()?.receipt).toEqual(fever);
    expect(takeLate()).toBeNull();
  });

  it('is not told when it is long past or nobody needs anything', () => {
    noteLate(finished, receipt(sent, 'ACCEPTED', [{ measures: [measure('FEVER_CLINIC')] }]), NOON + 3_600_000);
    noteLate(finished, receipt(sent), NOON);
    expect(late.value).toHaveLength(0);
    expect(needsAct(receipt(sent))).toBe(false);
  });
});
