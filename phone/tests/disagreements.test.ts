/** What the phone had told is kept with the record; where the server decides otherwise it stays until somebody has seen to it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { itemId, type ParcelItem, type PersonReceipt, type WireMeasure } from '../src/api/contract';
import { acknowledge, disagreementsOf, readDisagreements } from '../src/disagreements/disagreements';
import { toldBy } from '../src/measures/told';
import { sendAgain } from '../src/outbox/again';
import { forgetSettled } from '../src/outbox/retention';
import { addToOutbox, settle } from '../src/outbox/store';
import { database } from '../src/storage/database';
import { readUnseen, sortOut } from '../src/measures/late';
import { item, measure, NOON, passage, receipt } from './samples';

const DAY = 24 * 3_600_000;
const HOME = measure('QUARANTINE', { place: 'HOME', days: 14 });
const FACILITY = measure('QUARANTINE', { place: 'FACILITY', days: 14 });

let sent: ParcelItem;
beforeEach(() => (sent = item()));

function told(of: ParcelItem, measures: WireMeasure[]) {
  return toldBy(new Map((of.kind === 'PASSAGE' ? of.passage.people : []).map(({ id }) => [id, { measures }])));
}

async function answered(measures: WireMeasure[], person: Partial<PersonReceipt> = {}): Promise<void> {
  await settle([{ id: itemId(sent), state: 'ACKNOWLEDGED', receipt: receipt(sent, 'ACCEPTED', [{ measures, ...person }]) }], NOON);
}

async function toldThenAnswered(before: WireMeasure[], measures: WireMeasure[], person: Partial<PersonReceipt> = {}) {
  await addToOutbox(sent, NOON, told(sent, before));
  await answered(measures, person);
  return readDisagreements();
}

describe('phone and server', () => {
  it('agree when they ask for the same, whatever the rows are called', async () => {
    expect(await toldThenAnswered([HOME, measure('REGISTER')], [measure('REGISTER'), { ...HOME, row: 'another' }])).toEqual([]);
  });

  it.each([
    ['a stronger measure', [measure('REGISTER')], [measure('REGISTER'), measure('FEVER_CLINIC')], ['FEVER_CLINIC']],
    ['another place', [HOME], [FACILITY], ['QUARANTINE', 'NO_LONGER']],
    ['a weaker one', [HOME, measure('REGISTER')], [measure('REGISTER')], ['NO_LONGER']],
    ['nothing but a registration', [], [measure('REGISTER')], ['NONE']],
  ])('disagree on %s: who, what was told, what to do', async (_, before, measures, acts) => {
    const [entry] = await toldThenAnswered(before, measures);
    expect(disagreementsOf(entry!)).toMatchObject([{ place: 1, acts, person: { measures } }]);
    expect(disagreementsOf(entry!)[0]?.told.map(({ kind }) => kind)).toEqual(before.map(({ kind }) => kind));
  });

  it('do not disagree on whom nothing was told, nor on whom the server could not read', async () => {
    await addToOutbox(sent, NOON);
    await answered([measure('FEVER_CLINIC')]);
    expect(await readDisagreements()).toEqual([]);
    sent = item();
    expect(await toldThenAnswered([HOME], [], { status: 'SET_ASIDE' })).toEqual([]);
  });

  it('disagree until somebody has seen to it, also after a day, and no longer then', async () => {
    const [entry] = await toldThenAnswered([measure('REGISTER')], [FACILITY]);
    await forgetSettled(NOON + 2 * DAY);
    expect(await readDisagreements()).toHaveLength(1);
    await acknowledge(entry!, NOON + 2 * DAY);
    expect(await readDisagreements()).toEqual([]);
    await forgetSettled(NOON + 2 * DAY);
    const kept = (await database.outbox.get(entry!.id))!;
    expect([kept.receipt, kept.told, kept.disagrees]).toEqual([null, undefined, undefined]);
  });

  it('are told of once: not by the bar of late measures as well', async () => {
    await toldThenAnswered([measure('REGISTER')], [FACILITY]);
    const unseen = await readUnseen(NOON + 60_000);
    expect([unseen.length, sortOut(unseen, NOON + 60_000)]).toEqual([1, []]);
  });

  it('do not disagree again on people of a car to which others were added', async () => {
    const [entry] = await toldThenAnswered([measure('REGISTER')], [FACILITY]);
    await acknowledge(entry!, NOON);
    if (sent.kind !== 'PASSAGE') throw new Error('a passage');
    const more: ParcelItem = { kind: 'PASSAGE', passage: { ...sent.passage, people: [...sent.passage.people, ...passage().people] } };
    await sendAgain(more.passage, NOON, told(more, [measure('REGISTER')]));
    sent = more;
    const both = receipt(more, 'DUPLICATE', [{ measures: [FACILITY] }, { measures: [HOME] }]);
    await settle([{ id: itemId(more), state: 'ACKNOWLEDGED', receipt: both }], NOON);
    const [again] = await readDisagreements();
    expect(disagreementsOf(again!).map(({ place }) => place)).toEqual([2]);
  });

  it('keep no sentence and no name of what was told', async () => {
    await addToOutbox(sent, NOON, told(sent, [HOME]));
    const kept = (await database.outbox.get(itemId(sent)))!.told!;
    expect(Object.values(kept)).toEqual([[{ kind: 'QUARANTINE', row: 'quarantine', place: 'HOME', days: 14 }]]);
  });
});
