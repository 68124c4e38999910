/** From the enrolment code to the acknowledged record, against a server on loopback that comes and goes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import Dexie from 'dexie';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { itemId, type Parcel, type ParcelItem } from '../src/api/contract';
import type { DeviceState } from '../src/api/device';
import { queueClockIn, queuedClockIns } from '../src/device/clockIns';
import { enrolment, enrolWith, loadEnrolment } from '../src/device/enrolment';
import { facts, minutesAhead } from '../src/device/facts';
import { reportState } from '../src/device/state';
import { receiptOf, save, saveCorrections } from '../src/form/finish';
import { desk, newCar, openRecord } from '../src/form/session';
import { reopen, sendNow } from '../src/outbox/dispatch';
import { link } from '../src/outbox/link';
import { inState } from '../src/outbox/byState';
import { loadRegister, loadVillages, tree } from '../src/regions/register';
import { database } from '../src/storage/database';
import { CHECKPOINT, openCity, type City } from './city';
import { openLoopback, readBody, type Loopback } from './loopback';
import { NOON, receipt } from './samples';

let server: Loopback;
let city: City;
let told: DeviceState[] = [];
let away = false;
let stored: ParcelItem[] = [];
let tokens = new Set<string>();

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function enrolments(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { code } = JSON.parse((await readBody(request)).toString()) as { code: string };
  if (code === 'USED') return say(response, 410, { error: { code: 'CODE_USED', zh: '用过了', en: 'used' } });
  tokens = new Set([`token-${code}`]);
  say(response, 201, { token: `token-${code}`, device_id: 'd', checkpoint: CHECKPOINT, expires_at: '2020-02-11T04:00:00Z', outbox_key: city.key });
}

async function parcels(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parcel = JSON.parse((await readBody(request)).toString()) as Parcel;
  if (!tokens.has(request.headers.authorization?.slice(7) ?? '')) return say(response, 401, { error: { code: 'TOKEN', zh: '', en: '' } });
  // What the test before had still under way was sealed to a city that is gone: nobody is there to take it.
  const opened = await Promise.all(parcel.items.map(city.open)).catch(() => null);
  if (!opened) return say(response, 503, { error: { code: 'BUSY', zh: '', en: '' } });
  stored.push(...opened);
  say(response, 200, { parcel_id: parcel.parcel_id, receipts: opened.map((one) => receipt(one)) });
}

function divisions(request: IncomingMessage, response: ServerResponse): void {
  const under = new URL(request.url ?? '', 'http://x').searchParams.get('under');
  const all = [
    { code: '210000', name: '辽宁省', parent: null },
    { code: '210381', name: '海城市', parent: '210000' },
    { code: '210381105', name: '马风镇', parent: '210381' },
  ];
  say(response, 200, { edition: '2019-10-31', divisions: under ? [{ code: '210381105200', name: '前马村', parent: under }] : all });
}

async function device(request: IncomingMessage, response: ServerResponse): Promise<void> {
  told.push(JSON.parse((await readBody(request)).toString()) as DeviceState);
  const server_time = new Date(Date.now() + 3_600_000).toISOString();
  const lists = { symptoms: [{ code: 'FEVER', zh: '发热', en: 'Fever' }], purposes: [] };
  say(response, 200, { device_id: 'd', checkpoint: { ...CHECKPOINT, lanes: 3 }, expires_at: '2020-02-11T04:00:00Z', server_time, rule_set: 'abc', outbox_key: city.key, wipe: null, ...lists });
}

const ROUTES: Record<string, (request: IncomingMessage, response: ServerResponse) => unknown> = {
  '/api/v1/enrolments': enrolments,
  '/api/v1/parcels': parcels,
  '/api/v1/divisions': divisions,
  '/api/v1/device/state': device,
};

beforeEach(async () => {
  away = false;
  stored = [];
  told = [];
  city = await openCity();
  server = await openLoopback();
  server.answer = (request, response) => {
    if (away) return request.socket.destroy();
    void ROUTES[new URL(request.url ?? '', 'http://x').pathname]?.(request, response);
  };
  newCar();
  await enrolWith('FIRST', '');
});
afterEach(() => server.close());

async function register(plate: string): Promise<string> {
  desk.car.plate = plate;
  desk.car.people[0]!.name = '王测试';
  const {
    passage: { id },
  } = await save(NOON);
  newCar();
  return id;
}

describe('a shift', () => {
  it('begins with a code, which works once', async () => {
    expect(enrolment.value?.checkpoint.name).toBe('西柳高速口');
    expect(await enrolWith('USED', '')).toMatchObject({ kind: 'REFUSED', status: 410, error: { zh: '用过了' } });
    await loadEnrolment();
    expect(enrolment.value?.token).toBe('token-FIRST');
  });

  it('shows a receipt at once while the network holds', async () => {
    const id = await register('辽C12345');
    expect((await receiptOf(id, 2_000))?.people[0]?.measures[0]?.kind).toBe('REGISTER');
    expect(stored[0]).toMatchObject({ passage: { checkpoint: 'HC02', lane: '1', plate: '辽C12345', occurred_at: '2020-02-10T04:00:00.000Z' } });
  });

  it('stores and sends nothing in the clear', async () => {
    away = true;
    await register('辽C12345');
    expect(JSON.stringify(await database.outbox.toArray())).not.toMatch(/12345|王测试/);
  });

  it('keeps the car on the screen when the phone is full, and saves it once there is room', async () => {
    const full = vi.spyOn(database.outbox, 'add').mockImplementationOnce(() => Dexie.Promise.reject(new DOMException('full', 'QuotaExceededError')));
    desk.car.plate = '辽C12345';
    await expect(save(NOON)).rejects.toThrow('full');
    expect(desk.car.plate).toBe('辽C12345');
    full.mockRestore();
    const { passage } = await save(NOON);
    expect(await database.outbox.get(passage.id)).toMatchObject({ seq: 1 });
  });

  it('goes on without network, and every record arrives once when it is back', async () => {
    away = true;
    const ids = [await register('辽C10000'), await register('辽C10001'), await register('辽C10002')];
    expect(await receiptOf(ids[0]!, 50)).toBeNull();
    await sendNow();
    expect(link.reached).toBe(false);
    expect(await inState('UNSENT').count()).toBe(3);
    away = false;
    await sendNow();
    await expect.poll(() => inState('ACKNOWLEDGED').count()).toBe(3);
    expect(stored.map(itemId)).toEqual(ids);
  });

  it('keeps the outbox when the enrolment expires, and sends it after the next', async () => {
    await expect.poll(() => inState('UNSENT').count()).toBe(0);
    tokens.clear();
    await register('辽C20000');
    await expect.poll(() => link.gate).toBe('ENROL_AGAIN');
    expect(await inState('UNSENT').count()).toBe(1);
    await enrolWith('SECOND', '');
    await reopen();
    await expect.poll(() => inState('ACKNOWLEDGED').count()).toBe(1);
    expect(link.gate).toBe('OPEN');
  });

  it('corrects an acknowledged record by what changed only', async () => {
    const id = await register('辽C12345');
    await receiptOf(id, 2_000);
    const [sent] = stored;
    if (sent?.kind !== 'PASSAGE') throw new Error('no passage');
    openRecord('CORRECT', sent.passage);
    desk.car.plate = '辽C54321';
    expect((await saveCorrections(sent.passage, '录入有误', NOON + 1_000)).changed).toBe(1);
    await expect.poll(() => stored.length).toBe(2);
    expect(stored[1]).toMatchObject({ kind: 'CORRECTION', correction: { of: id, fields: { plate: '辽C54321' }, reason: '录入有误' } });
  });
});

describe('what the server tells a phone', () => {
  it('is kept: lists, lanes and the right time', async () => {
    await reportState();
    expect(facts.symptoms.map((one) => one.code)).toEqual(['FEVER']);
    expect(enrolment.value?.checkpoint.lanes).toBe(3);
    expect(minutesAhead()).toBe(-60);
  });

  it('is asked for by telling how this phone is', async () => {
    away = true;
    await register('辽C12345');
    away = false;
    await queueClockIn({ id: 'c', officer: '0412', lane: '1', came_at: '2020-02-10T00:00:00Z' });
    await reportState();
    expect(told[0]).toMatchObject({ unsent: 1, set_aside: 0, oldest_unsent_at: '2020-02-10T04:00:00.000Z', lane: '1', clock_ins: [{ id: 'c' }] });
    expect(told[0]).toHaveProperty('program');
    expect(await queuedClockIns()).toEqual([]);
  });

  it('the register of places is fetched once and villages when asked for, both kept for later', async () => {
    await loadRegister();
    expect(tree.value.shortName('210381105')).toBe('海城市 马风镇');
    await loadVillages('210381105');
    expect(tree.value.children('210381105').map((one) => one.name)).toEqual(['前马村']);
    away = true;
    await loadRegister();
    expect(tree.value.size).toBe(4);
  });
});
