import { describe, expect, it } from 'vitest';
import { itemId, type WireMeasure } from '../src/api/contract';
import { readUnseen, sortOut } from '../src/measures/late';
import { answeredBy, measuresOf, needsAct, strongestFirst } from '../src/measures/measures';
import { toldBy } from '../src/measures/told';
import { addToOutbox, noteShown, settle } from '../src/outbox/store';
import { item, measure, NOON, passage, receipt } from './samples';

describe('measures', () => {
  it('lead with the strongest, whatever order they came in', () => {
    const kinds = strongestFirst(['REGISTER', 'QUARANTINE', 'TURN_BACK_PROPOSED', 'NOTIFY_GRID', 'FEVER_CLINIC', 'RE_MEASURE'].map((kind) => measure(kind))).map((one) => one.kind);
    expect(kinds).toEqual(['FEVER_CLINIC', 'TURN_BACK_PROPOSED', 'QUARANTINE', 'RE_MEASURE', 'NOTIFY_GRID', 'REGISTER']);
  });

  it('put a kind this version does not know last', () => {
    expect(strongestFirst([measure('SOMETHING_NEW'), measure('REGISTER')])[0]?.kind).toBe('REGISTER');
  });

  it('never say "pass" beside a stronger one', () => {
    const sent = passage();
    const answer = receipt({ kind: 'PASSAGE', passage: sent }, 'ACCEPTED', [{ measures: [measure('REGISTER'), measure('FEVER_CLINIC'), measure('QUARANTINE')] }]);
    const [shown] = measuresOf(sent, answeredBy(answer));
    expect(shown).toMatchObject({ label: '王**', lead: { kind: 'FEVER_CLINIC' } });
    expect(shown?.others.map((one) => one.kind)).toEqual(['QUARANTINE']);
  });

  it('show a person the server said nothing about as registered', () => {
    const sent = passage();
    expect(measuresOf(sent, answeredBy(receipt({ kind: 'PASSAGE', passage: sent }, 'ACCEPTED', [{ measures: [] }])))[0]?.lead).toBeNull();
  });
});

describe('a receipt that comes after the form moved on', () => {
  const MINUTE = 60_000;

  async function settled(lead: string, at: number, told?: WireMeasure[]): Promise<string> {
    const sent = item();
    const people = sent.kind === 'PASSAGE' ? sent.passage.people : [];
    await addToOutbox(sent, NOON, told && toldBy(new Map(people.map(({ id }) => [id, { measures: told }]))));
    await settle([{ id: itemId(sent), state: 'ACKNOWLEDGED', receipt: receipt(sent, 'ACCEPTED', [{ measures: [measure(lead)] }]) }], at);
    return itemId(sent);
  }

  it('is told while the car may still stand there, until somebody saw it', async () => {
    const id = await settled('FEVER_CLINIC', NOON + MINUTE);
    expect((await readUnseen(NOON + 2 * MINUTE)).map((entry) => entry.id)).toEqual([id]);
    await noteShown(id, NOON + 2 * MINUTE);
    expect(await readUnseen(NOON + 2 * MINUTE)).toEqual([]);
  });

  it('is not told again when the phone had told the same by itself, and is when it could tell nothing', async () => {
    const same = await settled('QUARANTINE', NOON + MINUTE, [measure('QUARANTINE', { row: 'ours' })]);
    const other = await settled('FEVER_CLINIC', NOON + MINUTE);
    const unseen = await readUnseen(NOON + 2 * MINUTE);
    expect(sortOut(unseen, NOON + 2 * MINUTE).map((entry) => entry.id)).toEqual([other]);
    await expect.poll(async () => (await readUnseen(NOON + 2 * MINUTE)).map((entry) => entry.id)).not.toContain(same);
  });

  it('is not told when it is long past or nobody needs anything', async () => {
    await settled('REGISTER', NOON);
    await settled('QUARANTINE', NOON + 20 * MINUTE);
    expect(await readUnseen(NOON + 20 * MINUTE)).toEqual([]);
    expect(needsAct(receipt(item()))).toBe(false);
  });
});
