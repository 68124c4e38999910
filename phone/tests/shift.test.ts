/** From the enrolment code to the acknowledged record, against a server on loopback that comes and goes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itemId, type Parcel, type ParcelItem } from '../src/api/contract';
import { enrolment, enrolWith, loadEnrolment } from '../src/device/enrolment';
import { facts, minutesAhead, refreshFacts } from '../src/device/facts';
import { receiptOf, save, saveCorrections } from '../src/form/finish';
import { desk, newCar, openRecord } from '../src/form/session';
import { reopen, sendNow } from '../src/outbox/dispatch';
import { link } from '../src/outbox/link';
import { inState } from '../src/outbox/store';
import { loadRegister, loadVillages, tree } from '../src/regions/register';
import { openLoopback, readBody, type Loopback } from './loopback';
import { NOON, receipt } from './samples';

const CHECKPOINT = { code: 'HC02', name: '西柳高速口', lanes: 2, tier: 'BORDER', county: '海城市' };

let server: Loopback;
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
  say(response, 201, { token: `token-${code}`, device_id: 'd', checkpoint: CHECKPOINT, expires_at: '2020-02-11T04:00:00Z' });
}

async function parcels(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parcel = JSON.parse((await readBody(request)).toString()) as Parcel;
  if (!tokens.has(request.headers.authorization?.slice(7) ?? '')) return say(response, 401, { error: { code: 'TOKEN', zh: '', en: '' } });
  stored.push(...parcel.items);
  say(response, 200, { parcel_id: parcel.parcel_id, receipts: parcel.items.map((one) => receipt(one)) });
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

function device(_request: IncomingMessage, response: ServerResponse): void {
  const server_time = new Date(Date.now() + 3_600_000).toISOString();
  const lists = { symptoms: [{ code: 'FEVER', zh: '发热', en: 'Fever' }], purposes: [] };
  say(response, 200, { device_id: 'd', checkpoint: { ...CHECKPOINT, lanes: 3 }, expires_at: '2020-02-11T04:00:00Z', server_time, rule_set: 'abc', ...lists });
}

const ROUTES: Record<string, (request: IncomingMessage, response: ServerResponse) => unknown> = {
  '/api/v1/enrolments': enrolments,
  '/api/v1/parcels': parcels,
  '/api/v1/divisions': divisions,
  '/api/v1/device': device,
};

beforeEach(async () => {
  away = false;
  stored = [];
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
    await refreshFacts({ evenIfFresh: true });
    expect(facts.symptoms.map((one) => one.code)).toEqual(['FEVER']);
    expect(enrolment.value?.checkpoint.lanes).toBe(3);
    expect(minutesAhead()).toBe(-60);
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
