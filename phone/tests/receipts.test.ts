import { describe, expect, it } from 'vitest';
import { isOver, pauseAfter, pauseOfRecord } from '../src/outbox/backoff';
import { readReceipts, type Verdict } from '../src/outbox/receipts';
import { itemId, type ParcelItem } from '../src/api/contract';
import { item, receipt } from './samples';

/** As the outbox knows its records: by id and number of people. */
const read = (items: ParcelItem[], body: unknown): Verdict[] =>
  readReceipts(
    items.map((one) => ({ id: itemId(one), peopleCount: one.kind === 'PASSAGE' ? one.passage.people.length : 0 })),
    body,
  );
const answer = (...receipts: unknown[]) => ({ parcel_id: 'p', receipts });

describe('a record leaves "unsent" only with its own receipt', () => {
  it('accepted and duplicate are acknowledged', () => {
    const [a, b] = [item(), item()];
    const verdicts = read([a, b], answer(receipt(a), receipt(b, 'DUPLICATE')));
    expect(verdicts.map((one) => one.state)).toEqual(['ACKNOWLEDGED', 'ACKNOWLEDGED']);
  });

  it('an answer with a receipt too few or too many settles nothing', () => {
    const [a, b] = [item(), item()];
    expect(read([a, b], answer(receipt(a)))).toEqual([]);
    expect(read([a], answer(receipt(a), receipt(b)))).toEqual([]);
  });

  it('receipts in another order settle nothing', () => {
    const [a, b] = [item(), item()];
    expect(read([a, b], answer(receipt(b), receipt(a)))).toEqual([]);
  });

  it('a foreign receipt leaves its place unsent and the others settled', () => {
    const [a, b] = [item(), item()];
    expect(read([a, b], answer(receipt(item()), receipt(b))).map((one) => one.id)).toEqual([receipt(b).id]);
  });

  it('a passage whose people were not all answered stays', () => {
    const a = item();
    expect(read([a], answer({ ...receipt(a), people: [] }))).toEqual([]);
  });

  it('an unknown status is no receipt', () => {
    const a = item();
    expect(read([a], answer({ ...receipt(a), status: 'MAYBE' }))).toEqual([]);
  });

  it('a receipt without the lists it should have is made whole, so that nothing stumbles over it later', () => {
    const a = item();
    const { people, ...rest } = receipt(a);
    const bare = { ...rest, people: [null, { id: people[0]!.id, status: 'ACCEPTED' }] };
    expect(read([a], answer(bare))[0]?.receipt.people).toEqual([{ id: people[0]!.id, status: 'ACCEPTED', flags: [], measures: [] }]);
  });

  it.each([null, {}, { receipts: 'yes' }, { receipts: [null] }, { receipts: ['yes'] }, []])('garbage settles nothing: %j', (body) => {
    expect(read([item()], body)).toEqual([]);
  });

  it('one person set aside sets the record aside, one in conflict makes it a conflict', () => {
    const a = item();
    expect(read([a], answer(receipt(a, 'ACCEPTED', [{ status: 'SET_ASIDE' }])))[0]?.state).toBe('SET_ASIDE');
    expect(read([a], answer(receipt(a, 'ACCEPTED', [{ status: 'CONFLICT' }])))[0]?.state).toBe('CONFLICT');
    expect(read([a], answer({ ...receipt(a, 'SET_ASIDE'), people: [] }))[0]?.state).toBe('SET_ASIDE');
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

  it('that the server asked for end in time, and when the clock is set back or ahead by hours', () => {
    const pause = { from: 1_000_000, until: 1_007_000 };
    expect([1_000_000, 1_006_999, 1_007_000].map((now) => isOver(pause, now))).toEqual([false, false, true]);
    expect([1_000_000 - 3_600_000, 1_000_000 + 3_600_000].map((now) => isOver(pause, now))).toEqual([true, true]);
  });
});
