import { beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../src/api/client';
import type { Parcel, ParcelAnswer, ReceiptStatus, WireError } from '../src/api/contract';
import { itemId } from '../src/api/contract';
import { Sender, type Step } from '../src/outbox/sender';
import { inState } from '../src/outbox/byState';
import { readable } from '../src/outbox/readable';
import { addToOutbox, resend, resendSealed, settle } from '../src/outbox/store';
import { database } from '../src/storage/database';
import { enrolIn, openCity, type City } from './city';
import { item, NOON, receipt } from './samples';

type Answer = Reply<ParcelAnswer>;
type Server = (parcel: Parcel) => Answer | Promise<Answer>;

let city: City;

const answering = (...how: [ReceiptStatus?]): Server => async (parcel) => {
  const opened = await Promise.all(parcel.items.map(city.open));
  return { kind: 'OK', body: { parcel_id: parcel.parcel_id, receipts: opened.map((one) => receipt(one, ...how)) } };
};
const accept = answering();
const word = (code: string): WireError => ({ code, zh: '中', en: 'en' });
const setAside: Server = (parcel) => ({
  kind: 'OK',
  body: { parcel_id: '', receipts: parcel.items.map((one) => ({ ...receipt(item(), 'SET_ASIDE'), id: itemId(one), people: [] })) },
});
const refuse = (status: number, retryAfterMs: number | null = null, code = 'NO'): Server => () => ({
  kind: 'REFUSED',
  status,
  error: word(code),
  retryAfterMs,
});

let now = NOON;
let sizes: number[] = [];
let parcels: Parcel[] = [];

function senderTo(server: Server, token: string | null = 'token'): Sender {
  return new Sender({
    token: async () => token,
    post: async (_token, parcel) => {
      sizes.push(parcel.items.length);
      parcels.push(parcel);
      return server(parcel);
    },
    envelope: async () => ({ clock_offset_ms: 12, device_seq: parcels.length + 1 }),
    now: () => now,
    random: () => 1,
  });
}

async function fill(records: number): Promise<string[]> {
  const items = Array.from({ length: records }, () => item());
  for (const one of items) await addToOutbox(one, now);
  return items.map(itemId);
}

/** Step until the sender wants to wait or has nothing left. */
async function run(sender: Sender, most = 50): Promise<Step> {
  for (let steps = 0; steps < most; steps += 1) {
    const step = await sender.step();
    if (step.kind === 'SENT' || (step.kind === 'RETRY' && step.waitMs === 0)) continue;
    return step;
  }
  throw new Error('the sender never came to rest');
}

beforeEach(async () => {
  city = await openCity();
  await enrolIn(city);
  now = NOON;
  sizes = [];
  parcels = [];
});

describe('the sender', () => {
  it('sends in order of capture, a hundred at a time', async () => {
    const ids = await fill(250);
    expect(await run(senderTo(accept))).toEqual({ kind: 'EMPTY', waitMs: null });
    expect(sizes).toEqual([100, 100, 50]);
    expect(parcels.flatMap((parcel) => parcel.items.map(itemId))).toEqual(ids);
    expect(await inState('ACKNOWLEDGED').count()).toBe(250);
  });

  it('numbers records without gaps and says so in the passage', async () => {
    await fill(3);
    await run(senderTo(accept));
    const opened = await Promise.all(parcels[0]!.items.map(city.open));
    expect(opened.map((one) => one.kind === 'PASSAGE' && one.passage.seq)).toEqual([1, 2, 3]);
    expect(parcels[0]).toMatchObject({ clock_offset_ms: 12, device_seq: 1 });
  });

  it('keeps everything without network and waits longer each time', async () => {
    await fill(2);
    const sender = senderTo(() => ({ kind: 'UNREACHABLE' }));
    const waits = [await sender.step(), await sender.step(), await sender.step()].map((step) => step.kind === 'RETRY' && step.waitMs);
    expect(waits).toEqual([1000, 2000, 4000]);
    expect(await inState('UNSENT').count()).toBe(2);
  });

  it('asks to enrol again on 401 and tells of a revoked phone on 403, keeping the outbox', async () => {
    await fill(1);
    expect(await senderTo(refuse(401)).step()).toEqual({ kind: 'ENROL_AGAIN', token: 'token' });
    expect(await senderTo(refuse(403)).step()).toEqual({ kind: 'REVOKED', token: 'token' });
    expect(await senderTo(accept, null).step()).toEqual({ kind: 'NO_ENROLMENT' });
    expect(await inState('UNSENT').count()).toBe(1);
  });

  it('leaves the server alone for as long as it asked', async () => {
    await fill(1);
    expect(await senderTo(refuse(503, 7_000)).step()).toMatchObject({ kind: 'RETRY', waitMs: 7_000, binding: true });
    expect(await senderTo(refuse(429)).step()).toMatchObject({ kind: 'RETRY', waitMs: 1_000, binding: false });
  });

  it('halves the batch on 413 until it fits, and grows again', async () => {
    await fill(20);
    const sender = senderTo((parcel) => (parcel.items.length > 5 ? refuse(413)(parcel) : accept(parcel)));
    await run(sender);
    expect(await inState('ACKNOWLEDGED').count()).toBe(20);
    expect(sizes.slice(0, 3)).toEqual([20, 10, 5]);
  });

  it('sets aside the one record that is too large by itself and sends the rest', async () => {
    const ids = await fill(9);
    const tooLarge = ids[4]!;
    await run(senderTo((parcel) => (parcel.items.some((one) => itemId(one) === tooLarge) ? refuse(413)(parcel) : accept(parcel))));
    expect(await inState('ACKNOWLEDGED').count()).toBe(8);
    expect(await database.outbox.get(tooLarge)).toMatchObject({ state: 'SET_ASIDE', error: { code: 'NO' } });
  });

  it.each([400, 401, 403])('does not take a proxy’s bare %i for a word of the server', async (status) => {
    await fill(1);
    expect(await senderTo(refuse(status, null, `HTTP_${status}`)).step()).toMatchObject({ kind: 'RETRY', waitMs: 1_000 });
    expect(await inState('UNSENT').count()).toBe(1);
  });

  it('lets a record that fails the server step aside for the ones behind it', async () => {
    const ids = await fill(8);
    const poison = ids[0]!;
    const sender = senderTo((parcel) => (parcel.items.some((one) => itemId(one) === poison) ? refuse(500)(parcel) : accept(parcel)));
    for (let step = 0; step < 12; step += 1) await sender.step();
    expect(await inState('ACKNOWLEDGED').count()).toBe(7);
    const waiting = await database.outbox.get(poison);
    expect(waiting).toMatchObject({ state: 'UNSENT', attempts: 1 });
    expect(await sender.step()).toEqual({ kind: 'EMPTY', waitMs: 2_000 });
    now += 2_000;
    await sender.step();
    expect((await database.outbox.get(poison))?.attempts).toBe(2);
  });

  it('blames no record while a proxy says the server is away', async () => {
    const [id] = await fill(1);
    expect(await senderTo(refuse(502, null, 'HTTP_502')).step()).toMatchObject({ kind: 'RETRY', waitMs: 1_000 });
    expect((await database.outbox.get(id!))?.attempts).toBe(0);
  });

  it('believes no answer that is not about its records', async () => {
    await fill(2);
    const portal: Server = () => ({ kind: 'OK', body: { hello: 'captive portal' } as unknown as ParcelAnswer });
    expect(await senderTo(portal).step()).toMatchObject({ kind: 'RETRY', waitMs: 1_000 });
    expect(await inState('UNSENT').count()).toBe(2);
  });

  it('sends a record set aside again under its id once it is repaired', async () => {
    const [id] = await fill(1);
    await run(senderTo(setAside));
    expect((await database.outbox.get(id!))?.state).toBe('SET_ASIDE');
    await resend(readable(id!)!);
    await run(senderTo(accept));
    expect(parcels.flatMap((parcel) => parcel.items.map(itemId))).toEqual([id, id]);
    expect(await database.outbox.get(id!)).toMatchObject({ state: 'ACKNOWLEDGED', seq: 1 });
  });

  it('sends a record set aside again as it is when only its sealed form is left', async () => {
    const [id] = await fill(1);
    await run(senderTo(setAside));
    await resendSealed(id!);
    await run(senderTo(accept));
    expect(parcels[1]?.items).toEqual(parcels[0]?.items);
    expect(await database.outbox.get(id!)).toMatchObject({ state: 'ACKNOWLEDGED', item: null });
  });

  it('waits no longer than a record’s longest pause when the clock is set back meanwhile', async () => {
    const [id] = await fill(1);
    const sender = senderTo(refuse(500));
    await sender.step();
    now -= 5 * 3_600_000;
    expect(await senderTo(accept).step()).toEqual({ kind: 'SENT' });
    expect(await database.outbox.get(id!)).toMatchObject({ state: 'ACKNOWLEDGED' });
  });

  it('sends at once when the clock jumps ahead, and still numbers and settles', async () => {
    await fill(2);
    await senderTo(refuse(500)).step();
    now += 9 * 3_600_000;
    expect(await run(senderTo(accept))).toEqual({ kind: 'EMPTY', waitMs: null });
  });

  it('takes a record delivered twice as one', async () => {
    const [id] = await fill(1);
    await run(senderTo(() => ({ kind: 'UNREACHABLE' }))).catch(() => undefined);
    await run(senderTo(answering('DUPLICATE')));
    expect(parcels.map((parcel) => parcel.items.map(itemId))).toEqual([[id], [id]]);
    expect(parcels[1]?.items).toEqual(parcels[0]?.items);
    expect(await database.outbox.get(id!)).toMatchObject({ state: 'ACKNOWLEDGED' });
  });

  it('ignores a late verdict on a record that is already settled', async () => {
    const [id] = await fill(1);
    await run(senderTo(accept));
    await settle([{ id: id!, state: 'CONFLICT', receipt: receipt(item(), 'CONFLICT') }], now);
    expect(await database.outbox.get(id!)).toMatchObject({ state: 'ACKNOWLEDGED' });
  });
});
