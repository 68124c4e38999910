/** A phone that was closed, wiped or enrolled anew: what it captured before is kept, and goes where it may go. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeviceAnswer } from '../src/api/device';
import type { DeviceState, WipeOrder } from '../src/api/device';
import * as requests from '../src/api/requests';
import { enrolWith, readEnrolment } from '../src/device/enrolment';
import { facts } from '../src/device/facts';
import { reportState } from '../src/device/state';
import { finishWipe, loadWipe, wipe, withdrawWipe } from '../src/device/wipe';
import { inState } from '../src/outbox/byState';
import { reopen } from '../src/outbox/dispatch';
import { makeFiles } from '../src/outbox/exporting';
import { holdRecordsOf, releaseRecordsOf } from '../src/outbox/held';
import { link } from '../src/outbox/link';
import { readable } from '../src/outbox/readable';
import { addToOutbox, resendSealed, setAside } from '../src/outbox/store';
import { database } from '../src/storage/database';
import { readSetting, writeSetting } from '../src/storage/settings';
import { CHECKPOINT, enrolIn, openCity, type City } from './city';
import { item, NOON, receipt } from './samples';

vi.mock(import('../src/api/requests'), { spy: true });

const REVOKED = { kind: 'REFUSED', status: 403, error: { code: 'DEVICE_REVOKED', zh: '', en: '' }, retryAfterMs: null } as const;
const ORDER: WipeOrder = { asked_at: '2020-02-10T05:00:00Z', outbox: 'KEEP', reason: '手机遗失' };

let city: City;
let told: DeviceState[];
let sent: string[];
let order: WipeOrder | null;

function deviceAnswer(): DeviceAnswer {
  const lists = { symptoms: [{ code: 'FEVER', zh: '发热', en: 'Fever' }], purposes: [], pass_classes: [], reading_keys: [] };
  const facts = { device_id: 'd', checkpoint: CHECKPOINT, expires_at: '2020-03-10T04:00:00Z', server_time: '2020-02-10T04:00:00Z', rule_set: 'abc' };
  return { ...facts, ...lists, outbox_key: city.key, wipe: order };
}

beforeEach(async () => {
  city = await openCity();
  await enrolIn(city);
  [told, sent, order] = [[], [], null];
  wipe.value = null;
  link.gate = 'OPEN';
  facts.symptoms = [];
  vi.mocked(requests.putDeviceState).mockImplementation(async (_token, state) => {
    told.push(state);
    return { kind: 'OK', body: deviceAnswer() };
  });
  vi.mocked(requests.postParcel).mockImplementation(async (_token, parcel) => {
    const opened = await Promise.all(parcel.items.map(city.open));
    sent.push(...parcel.items.map((one) => one.kind));
    return { kind: 'OK', body: { parcel_id: parcel.parcel_id, receipts: opened.map((one) => receipt(one)) } };
  });
});

describe('a revoked phone', () => {
  it('holds what it captured, and what it goes on capturing, and sends none of it under a later enrolment', async () => {
    await addToOutbox(item(), NOON);
    vi.mocked(requests.postParcel).mockResolvedValueOnce(REVOKED);
    await reopen();
    expect(link.gate).toBe('REVOKED');
    await addToOutbox(item(), NOON);
    expect(await inState('HELD').count()).toBe(2);
    await enrolIn(city, 'new');
    await addToOutbox(item(), NOON);
    await reopen();
    expect(sent).toEqual(['SEALED']);
    expect(await inState('HELD').count()).toBe(2);
    expect(await inState('ACKNOWLEDGED').count()).toBe(1);
  });

  it('is found out at the next enrolment too, when it never asked before', async () => {
    await addToOutbox(item(), NOON);
    vi.mocked(requests.readDevice).mockResolvedValue(REVOKED);
    const enrolled = { token: 'token-new', device_id: 'new', checkpoint: CHECKPOINT, expires_at: '2020-03-10T04:00:00Z', outbox_key: city.key };
    const enrol = vi.mocked(requests.enrol).mockResolvedValue({ kind: 'OK', body: enrolled });
    await enrolWith('CODE', '');
    expect(enrol).toHaveBeenCalledWith('CODE', '', 'token-d');
    expect(await inState('HELD').count()).toBe(1);
  });

  it('whose token only expired stays the same device and sends', async () => {
    await addToOutbox(item(), NOON);
    const enrolled = { token: 'token-2', device_id: 'd', checkpoint: CHECKPOINT, expires_at: '2020-04-10T04:00:00Z', outbox_key: city.key };
    vi.mocked(requests.enrol).mockResolvedValue({ kind: 'OK', body: enrolled });
    await enrolWith('CODE', '');
    await reopen();
    expect(await inState('ACKNOWLEDGED').count()).toBe(1);
    expect(await readEnrolment()).toMatchObject({ outboxKey: city.key });
  });

  it('that was closed by mistake sends again', async () => {
    await addToOutbox(item(), NOON);
    await holdRecordsOf('d');
    await releaseRecordsOf('d');
    expect(await inState('UNSENT').count()).toBe(1);
    await holdRecordsOf('d');
    await reportState();
    expect(await inState('UNSENT').count()).toBe(1);
  });

  it('does not send a record set aside under it by "send again"', async () => {
    const one = item();
    await addToOutbox(one, NOON);
    const [entry] = await inState('UNSENT').toArray();
    await setAside(entry!.id, { code: 'X', zh: '', en: '' });
    await holdRecordsOf('d');
    await resendSealed(entry!.id);
    expect((await database.outbox.get(entry!.id))?.state).toBe('HELD');
  });
});

describe('the export', () => {
  it('holds what the server has not acknowledged, sealed, a file for each device, and deletes nothing', async () => {
    await addToOutbox(item(), NOON);
    await holdRecordsOf('d');
    await enrolIn(city, 'new');
    await addToOutbox(item(), NOON);
    await addToOutbox(item(), NOON);
    const files = await makeFiles(Date.parse('2020-02-10T04:05:00Z'));
    expect(files.map(({ name, records }) => [name, records])).toEqual([
      ['lianfang-outbox-d-202002101205.json', 1],
      ['lianfang-outbox-new-202002101205.json', 2],
    ]);
    const content = JSON.parse(files[1]!.text) as { items: Parameters<City['open']>[0][] };
    expect(content).toMatchObject({ lianfang: 'outbox', version: 1, device_id: 'new', checkpoint: 'HC02', made_at: '2020-02-10T04:05:00.000Z' });
    expect((await Promise.all(content.items.map(city.open))).map((one) => one.kind)).toEqual(['PASSAGE', 'PASSAGE']);
    facts.clockOffsetMs = 90_000;
    expect(JSON.parse((await makeFiles(NOON))[0]!.text)).toMatchObject({ clock_offset_ms: 90_000 });
    facts.clockOffsetMs = null;
    expect(JSON.parse((await makeFiles(NOON))[0]!.text)).not.toHaveProperty('clock_offset_ms');
    expect(files[1]!.text).not.toMatch(/王测试|12345/);
    expect(await database.outbox.count()).toBe(3);
  });
});

describe('a wiped phone', () => {
  const caches = async (): Promise<void> => {
    await database.divisions.put({ key: 'ALL', edition: 'x', fetchedAt: NOON, divisions: [] });
    await writeSetting('recent', { from: ['210381'] });
    await writeSetting('preferences', { language: 'en', theme: 'DARK', officer: '0412' });
  };

  it('forgets all but the sealed outbox, sends it, reports, and drops its token', async () => {
    await caches();
    const one = item();
    await addToOutbox(one, NOON);
    order = ORDER;
    await reportState();
    expect(readable((await inState('UNSENT').first())!.id)).toBeNull();
    expect([await database.divisions.count(), await readSetting('recent'), await readSetting('preferences')]).toEqual([0, null, { language: 'en', theme: 'DARK' }]);
    expect(facts.symptoms).toEqual([]);
    await loadWipe();
    await reportState();
    expect(told.some((state) => state.wiped)).toBe(false);
    await reopen();
    expect(sent).toEqual(['SEALED']);
    await reportState();
    expect(told.at(-1)).toMatchObject({ wiped: true, unsent: 0 });
    expect(await readEnrolment()).toBeNull();
    expect(wipe.value).toMatchObject({ reported: true });
  });

  it('goes on where it was when it was switched off in the middle', async () => {
    await caches();
    await writeSetting('wipe', { order: ORDER, reported: false });
    await loadWipe();
    expect(await database.divisions.count()).toBe(0);
    expect(wipe.value).toMatchObject({ order: ORDER });
  });

  it('drops the outbox only when headquarters says so', async () => {
    await addToOutbox(item(), NOON);
    order = { ...ORDER, outbox: 'DROP' };
    await reportState();
    expect(await database.outbox.count()).toBe(0);
  });

  it('keeps what cannot be sent, and its token goes all the same when the server refuses it', async () => {
    await addToOutbox(item(), NOON);
    order = ORDER;
    await reportState();
    await loadWipe();
    vi.mocked(requests.putDeviceState).mockResolvedValueOnce(REVOKED);
    await reportState();
    expect(await readEnrolment()).toBeNull();
    expect(await inState('HELD').count()).toBe(1);
    expect(await makeFiles(NOON)).toHaveLength(1);
  });

  it('does not tell a new enrolment’s server that it was wiped', async () => {
    wipe.value = { order: ORDER, reported: false };
    await finishWipe();
    await enrolIn(city, 'd');
    await reportState();
    expect(told.at(-1)).not.toHaveProperty('wiped');
    await withdrawWipe();
    expect(wipe.value).toBeNull();
  });
});
