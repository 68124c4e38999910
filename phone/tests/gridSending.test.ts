import { beforeEach, describe, expect, it, vi } from 'vitest';
import { answer, forgetSettled, noteSeen, rows, sealWaiting, sendAgain, type Said } from '../src/grid/answers';
import { clock } from '../src/grid/clock';
import type { AnswerReceipt, PlainAnswer, WireAnswer } from '../src/grid/contract';
import { countNow } from '../src/grid/counts';
import { database } from '../src/grid/database';
import { forgetFormer, leavePhone, loadPhone, phone, tokenFor } from '../src/grid/phones';
import { readReceipts } from '../src/grid/receipts';
import { courier, dispatch, link, sendNow } from '../src/grid/sending';
import { mintId } from '../src/identity/uuid7';
import { openCity, type City } from './city';
import { emptyPhone, enrolFor } from './gridding';
import { NOON } from './samples';

interface Sent {
  token: string;
  answers: WireAnswer[];
}

let city: City;
let sent: Sent[];

const arrived = (referral = mintId(NOON)): Said => ({ kind: 'REFERRAL', referral, answer: 'ARRIVED' });
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers });
const receipts = (answers: WireAnswer[], changes: Partial<AnswerReceipt> = {}) =>
  json({ server_time: new Date().toISOString(), receipts: answers.map(({ id }) => ({ id, status: 'ACCEPTED', state: 'ARRIVED', late: false, ...changes })) });
const refusal = (status: number, code: string, headers: Record<string, string> = {}) => json({ error: { code, zh: '中', en: 'en' } }, status, headers);

function server(reply: (sent: Sent) => Response | Promise<Response>): void {
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    const one = { token: (init.headers as Record<string, string>).Authorization!.slice(7), ...(JSON.parse(init.body as string) as { answers: WireAnswer[] }) };
    sent.push(one);
    return reply(one);
  });
}

async function run(steps = 12) {
  for (let n = 0; n < steps; n += 1) {
    const step = await courier.step();
    if (step.kind !== 'SENT' && !(step.kind === 'RETRY' && step.waitMs === 0)) return step;
  }
  throw new Error('never came to rest');
}

beforeEach(async () => {
  await emptyPhone();
  city = await openCity();
  sent = [];
  Object.assign(clock, { offsetMs: null, seenAt: 0 });
  link.gate = 'OPEN';
  await enrolFor(city);
  server((one) => receipts(one.answers));
});

describe('an answer', () => {
  it('is sealed before it is shown, and only the city opens it', async () => {
    await answer([{ kind: 'REFERRAL', referral: mintId(NOON), answer: 'WRONG_ADDRESS', address: '西区9号', note: '门卫说的' }], NOON);
    const [row] = await database.outbox.toArray();
    expect(row).toMatchObject({ state: 'UNSENT', seq: 1, item: { kind: 'SEALED', id: row!.id } });
    expect(JSON.stringify(row)).not.toMatch(/西区|门卫/);
    const opened = (await city.open(row!.item as never)) as unknown as PlainAnswer;
    expect(opened).toMatchObject({ id: row!.id, kind: 'REFERRAL', answer: 'WRONG_ADDRESS', address: '西区9号', occurred_at: new Date(NOON).toISOString() });
  });

  it('says how wrong the phone’s clock is, so that the server sets it right', async () => {
    clock.offsetMs = -3_600_000;
    await answer([arrived()], NOON);
    const [row] = await database.outbox.toArray();
    expect(await city.open(row!.item as never)).toMatchObject({ clock_offset_ms: -3_600_000 });
  });

  it('of a family is written whole or not at all', async () => {
    const one = vi.spyOn(database.outbox, 'bulkAdd').mockRejectedValueOnce(new Error('QuotaExceeded'));
    await expect(answer([arrived(), arrived()], NOON)).rejects.toThrow();
    one.mockRestore();
    expect(await database.outbox.count()).toBe(0);
    await answer([arrived(), arrived()], NOON);
    expect((await database.outbox.toArray()).map(({ seq }) => seq).sort()).toEqual([1, 2]);
  });

  it('without a key is kept as it is, and sealed as soon as there is one', async () => {
    await database.phones.update(phone.value!.id, { outboxKey: null });
    await loadPhone();
    await answer([arrived()], NOON);
    expect((await database.outbox.toArray())[0]).toMatchObject({ clear: 1, item: { kind: 'REFERRAL' } });
    await database.phones.update(phone.value!.id, { outboxKey: city.key });
    await loadPhone();
    await sealWaiting();
    const [row] = await database.outbox.toArray();
    expect(row?.item).toMatchObject({ kind: 'SEALED' });
    expect(row?.clear).toBeUndefined();
  });

  it('from two tabs at once gets a number of its own', async () => {
    await Promise.all([answer([arrived()], NOON), answer([arrived()], NOON), answer([arrived()], NOON)]);
    expect((await database.outbox.toArray()).map(({ seq }) => seq).sort()).toEqual([1, 2, 3]);
  });
});

describe('the worker’s outbox', () => {
  it('leaves in order, and nothing goes before its own receipt', async () => {
    const ids = [mintId(), mintId(), mintId()];
    for (const id of ids) await answer([arrived(id)], NOON);
    server((one) => json({ server_time: '', receipts: [...one.answers].reverse().map(({ id }) => ({ id, status: 'ACCEPTED', late: false })) }));
    await courier.step();
    // The middle one stands at its place; the others' receipts are somebody else's.
    expect(await countNow()).toEqual({ waiting: 2, aside: 0, kept: 1 });
    server((one) => receipts(one.answers));
    await run();
    expect(await countNow()).toEqual({ waiting: 0, aside: 0, kept: 3 });
    expect((await database.outbox.toArray()).every(({ item }) => item === null)).toBe(true);
  });

  it('sends the same bytes again when the answer was lost on the way', async () => {
    await answer([arrived()], NOON);
    server(() => Promise.reject(new Error('no network')));
    expect(await courier.step()).toMatchObject({ kind: 'RETRY', reached: false });
    server((one) => receipts(one.answers, { status: 'DUPLICATE' }));
    await run();
    expect(sent[0]?.answers).toEqual(sent[1]?.answers);
    expect(await countNow()).toMatchObject({ waiting: 0, kept: 1 });
  });

  it.each([
    [503, 'BUSY', { 'Retry-After': '40' }, 40_000],
    [500, 'HTTP_500', {}, 0],
    [401, 'HTTP_401', {}, 0],
  ])('keeps everything on %i and waits', async (status, code, headers, least) => {
    await answer([arrived()], NOON);
    server(() => (code.startsWith('HTTP') ? new Response('<html>', { status }) : refusal(status, code, headers as Record<string, string>)));
    const step = await courier.step();
    expect(step.kind).toBe('RETRY');
    expect(step.kind === 'RETRY' && step.waitMs).toBeGreaterThanOrEqual(least);
    expect(await countNow()).toMatchObject({ waiting: 1 });
  });

  it('halves what is too long until the one that spoils it stands alone', async () => {
    const ids = [1, 2, 3, 4].map(() => mintId());
    for (const id of ids) await answer([arrived(id)], NOON);
    const long = (await rows.inState('UNSENT').toArray())[2]!.id;
    server((one) => (one.answers.some(({ id }) => id === long) ? refusal(413, 'BODY_TOO_LONG') : receipts(one.answers)));
    await run();
    expect(await countNow()).toEqual({ waiting: 0, aside: 1, kept: 3 });
    expect(await database.outbox.get(long)).toMatchObject({ state: 'SET_ASIDE', error: { code: 'BODY_TOO_LONG' } });
  });

  it('puts aside what the server put aside, with its sentence, and sends it again when asked', async () => {
    await answer([arrived()], NOON);
    const say = { zh: '不在您的网格', en: 'Not your grid' };
    server((one) => receipts(one.answers, { status: 'SET_ASIDE', say }));
    await run();
    const [row] = await database.outbox.toArray();
    expect(row).toMatchObject({ state: 'SET_ASIDE', receipt: { say }, item: { kind: 'SEALED' } });
    server((one) => receipts(one.answers));
    await sendAgain(row!.id);
    await run();
    expect(await countNow()).toEqual({ waiting: 0, aside: 0, kept: 1 });
  });

  it('keeps the first where the server has another content, and forgets it once the worker has read so', async () => {
    await answer([arrived()], NOON);
    server((one) => receipts(one.answers, { status: 'CONFLICT' }));
    await run();
    expect(await countNow()).toMatchObject({ aside: 1 });
    const [row] = await database.outbox.toArray();
    await sendAgain(row!.id);
    await noteSeen(row!.id, NOON);
    expect(await countNow()).toEqual({ waiting: 1, aside: 0, kept: 0 });
  });

  it('forgets what was received after a week, and nothing that waits', async () => {
    await answer([arrived()], NOON);
    await run();
    await answer([arrived()], NOON);
    await forgetSettled(Date.now() + 8 * 24 * 3_600_000);
    expect(await countNow()).toEqual({ waiting: 1, aside: 0, kept: 0 });
  });

  it('believes no answer that is not about what it sent', () => {
    expect(readReceipts([{ id: 'a' }], { receipts: [] })).toEqual([]);
    expect(readReceipts([{ id: 'a' }], 'hello')).toEqual([]);
    expect(readReceipts([{ id: 'a' }, { id: 'b' }], { receipts: [null, { id: 'b', status: 'LOST' }] })).toEqual([]);
    expect(readReceipts([{ id: 'a' }], { receipts: [{ id: 'a', status: 'toString' }] })).toEqual([]);
  });
});

describe('a token', () => {
  it('delivers what was said under it, also after another enrolment', async () => {
    await answer([arrived()], NOON);
    await enrolFor(city, { token: 'roster_b', division: '210381101201', at: NOON + 1 });
    await answer([arrived()], NOON + 1);
    await run();
    expect(sent.map(({ token, answers }) => [token, answers.length])).toEqual([['roster_a', 1], ['roster_b', 1]]);
  });

  it('that was revoked keeps its answers until a new one for the same grid delivers them', async () => {
    await answer([arrived()], NOON);
    server(() => refusal(403, 'ROSTER_REVOKED'));
    vi.stubGlobal('setTimeout', () => 0);
    await dispatch();
    vi.unstubAllGlobals();
    expect(link.gate).toBe('REVOKED');
    expect(phone.value?.refused).toBe('REVOKED');
    expect(await tokenFor(phone.value!.id)).toBeNull();
    expect(await countNow()).toMatchObject({ waiting: 1 });
    await enrolFor(city, { token: 'roster_b', division: '210381101201', at: NOON + 1 });
    await enrolFor(city, { token: 'roster_c', at: NOON + 2 });
    sent = [];
    server((one) => receipts(one.answers));
    await sendNow();
    expect(sent.map(({ token }) => token)).toEqual(['roster_c']);
    expect(await countNow()).toMatchObject({ waiting: 0, kept: 1 });
  });

  it('that nobody takes holds up no other’s answers', async () => {
    await answer([arrived()], NOON);
    await database.phones.update(phone.value!.id, { refused: 'REVOKED' });
    await enrolFor(city, { token: 'roster_b', division: '210381101201', at: NOON + 1 });
    await answer([arrived()], NOON + 1);
    expect(await run()).toEqual({ kind: 'NO_ENROLMENT' });
    expect(sent.map(({ token }) => token)).toEqual(['roster_b']);
  });

  it('of a phone that was handed on delivers what is left and is forgotten then', async () => {
    await answer([arrived()], NOON);
    await leavePhone();
    await forgetFormer();
    expect(await database.phones.count()).toBe(1);
    await run();
    await forgetFormer();
    expect(sent.map(({ token }) => token)).toEqual(['roster_a']);
    expect(await database.phones.count()).toBe(0);
  });

  it('takes what came after its end when it is sent again under the next one', async () => {
    await answer([arrived()], NOON);
    server((one) => receipts(one.answers, one.token === 'roster_a' ? { status: 'SET_ASIDE', code: 'AFTER_EXPIRY' } : {}));
    await run();
    await enrolFor(city, { token: 'roster_b', at: NOON + 1 });
    await sendAgain((await database.outbox.toArray())[0]!.id);
    await run();
    expect(await countNow()).toEqual({ waiting: 0, aside: 0, kept: 1 });
  });
});
