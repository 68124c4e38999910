import { describe, expect, it } from 'vitest';
import { pauseAfter, pauseOfRecord } from '../src/outbox/backoff';
import { readReceipts } from '../src/outbox/receipts';
import { item, receipt } from './samples';

const answer = (...receipts: unknown[]) => ({ parcel_id: 'p', receipts });

describe('a record leaves "unsent" only with its own receipt', () => {
  it('accepted and duplicate are acknowledged', () => {
    const [a, b] = [item(), item()];
    const verdicts = readReceipts([a, b], answer(receipt(a), receipt(b, 'DUPLICATE')));
    expect(verdicts.map((one) => one.state)).toEqual(['ACKNOWLEDGED', 'ACKNOWLEDGED']);
  });

  it('an answer with a receipt too few or too many settles nothing', () => {
    const [a, b] = [item(), item()];
    expect(readReceipts([a, b], answer(receipt(a)))).toEqual([]);
    expect(readReceipts([a], answer(receipt(a), receipt(b)))).toEqual([]);
  });

  it('receipts in another order settle nothing', () => {
    const [a, b] = [item(), item()];
    expect(readReceipts([a, b], answer(receipt(b), receipt(a)))).toEqual([]);
  });

  it('a foreign receipt leaves its place unsent and the others settled', () => {
    const [a, b] = [item(), item()];
    expect(readReceipts([a, b], answer(receipt(item()), receipt(b))).map((one) => one.id)).toEqual([receipt(b).id]);
  });

  it('a passage whose people were not all answered stays', () => {
    const a = item();
    expect(readReceipts([a], answer({ ...receipt(a), people: [] }))).toEqual([]);
  });

  it('an unknown status is no receipt', () => {
    const a = item();
    expect(readReceipts([a], answer({ ...receipt(a), status: 'MAYBE' }))).toEqual([]);
  });

  it.each([null, {}, { receipts: 'yes' }, { receipts: [null] }, []])('garbage settles nothing: %j', (body) => {
    expect(readReceipts([item()], body)).toEqual([]);
  });

  it('one person set aside sets the record aside, one in conflict makes it a conflict', () => {
    const a = item();
    expect(readReceipts([a], answer(receipt(a, 'ACCEPTED', [{ status: 'SET_ASIDE' }])))[0]?.state).toBe('SET_ASIDE');
    expect(readReceipts([a], answer(receipt(a, 'ACCEPTED', [{ status: 'CONFLICT' }])))[0]?.state).toBe('CONFLICT');
    expect(readReceipts([a], answer({ ...receipt(a, 'SET_ASIDE'), people: [] }))[0]?.state).toBe('SET_ASIDE');
  });
});

describe('pauses', () => {
  it('double up to a minute and never end', () => {
    expect([1, 2, 3, 7, 8, 500].map((failures) => pauseAfter(failures, 1))).toEqual([1000, 2000, 4000, 60000, 60000, 60000]);
  });

  it('are half chance, so that checkpoints do not return together', () => {
    expect(pauseAfter(3, 0)).toBe(2000);
    expect(pauseAfter(3, 0.5)).toBe(3000);
  });

  it('of a record that fails the server alone grow to half an hour', () => {
    expect([0, 1, 20].map(pauseOfRecord)).toEqual([2_000, 4_000, 1_800_000]);
  });
});
