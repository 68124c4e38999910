import { beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../src/api/client';
import type { SealedDeclaration } from '../src/api/declared';
import { toBase64 } from '../src/declaration/base64';
import { encode } from '../src/declaration/codec';
import type { DeclarationContent } from '../src/declaration/content';
import { sealed } from '../src/declaration/seal';
import type { PersonReading } from '../src/scanner/idLine';
import type { ReceivePorts } from '../src/scanner/ports';
import { Receiver } from '../src/scanner/receive';
import { noteUsed, usedAt } from '../src/scanner/used';
import { vectorPair } from './declaring';
import vector from './declaration.json' with { type: 'json' };

const MORNING = Date.parse('2020-02-10T08:30:00+08:00');
const MINUTE = 60_000;
const pair = await vectorPair();

let filled: DeclarationContent[];
let people: PersonReading[];
let plates: string[];
let now: number;
let answer: Reply<SealedDeclaration>;
let serial = 0;

function ports(changes: Partial<ReceivePorts> = {}): ReceivePorts {
  const form = {
    fillFromDeclaration: (content: DeclarationContent) => void filled.push(content),
    fillPerson: (person: PersonReading) => void people.push(person),
    fillPlate: (plate: string) => void plates.push(plate),
    holds: () => false,
  };
  return {
    form,
    findKeys: async (id) => (id === vector.key.id || id === `1${vector.key.id}` ? [{ checkpoint: vector.checkpoint, pair }] : []),
    checkpoint: () => vector.checkpoint,
    now: () => now,
    serverNow: () => now,
    usedAt,
    noteUsed,
    fetchDeclaration: async () => answer,
    ...changes,
  };
}

function family(count: number, changes: Partial<DeclarationContent> = {}): DeclarationContent {
  const id = `019539d3-0000-7000-8000-${String((serial += 1)).padStart(12, '0')}`;
  const members = Array.from({ length: count }, (_, place) => ({ name: `测试${place}`, document: { type: 'NONE' as const }, answers: { note: crypto.randomUUID() + crypto.randomUUID() + crypto.randomUUID() } }));
  return { v: 1, id, kind: 'DECLARATION', made_at: '2020-02-10T08:30:00+08:00', checkpoint: vector.checkpoint, people: members, ...changes };
}

const CARD_KEY = { ...vector.key, id: `1${vector.key.id}` };
const codes = async (content: DeclarationContent) => encode(await sealed(content, content.kind === 'CARD' ? CARD_KEY : vector.key));
const status = (code: number): Reply<SealedDeclaration> => ({ kind: 'REFUSED', status: code, error: { code: 'X', zh: '', en: '' }, retryAfterMs: null });

beforeEach(() => {
  [filled, people, plates] = [[], [], []];
  now = MORNING;
});

describe('a declaration that was read', () => {
  it('fills the form with a family of four', async () => {
    const content = family(4);
    const [text] = await codes(content);
    expect(await new Receiver(ports()).receive(text!)).toEqual({ kind: 'FILLED', people: 4, elsewhere: null });
    expect(filled).toEqual([content]);
  });

  it('is put together from its codes in any order, some seen twice', async () => {
    const texts = await codes(family(20));
    expect(texts.length).toBeGreaterThanOrEqual(3);
    const receiver = new Receiver(ports());
    const [first, ...rest] = texts.reverse();
    expect(await receiver.receive(first!)).toEqual({ kind: 'PART', have: 1, of: texts.length });
    expect(await receiver.receive(first!)).toEqual({ kind: 'PART', have: 1, of: texts.length });
    for (const text of rest.slice(0, -1)) await receiver.receive(text);
    expect(await receiver.receive(rest.at(-1)!)).toMatchObject({ kind: 'FILLED', people: 20 });
  });

  it('does not mix with the one another traveller began to show', async () => {
    const [mine, other] = [await codes(family(20)), await codes(family(20))];
    const receiver = new Receiver(ports());
    await receiver.receive(other[0]!);
    for (const text of mine.slice(0, -1)) await receiver.receive(text);
    expect(await receiver.receive(mine.at(-1)!)).toMatchObject({ kind: 'FILLED' });
    expect(filled).toHaveLength(1);
  });

  it('whose pieces were changed is not believed', async () => {
    const texts = await codes(family(20));
    const receiver = new Receiver(ports());
    for (const text of texts.slice(0, -1)) await receiver.receive(text);
    const last = texts.at(-1)!;
    expect(await receiver.receive(last.slice(0, -3) + '000')).toEqual({ kind: 'REFUSED', why: 'DAMAGED' });
    expect(filled).toEqual([]);
  });

  it.each(['LF1:', 'LF1:abc', 'LF1:::::', 'LF1/1/1/0000:AB', 'LF1/9/3/0000:AB'])('is damaged: %s', async (text) => {
    expect(await new Receiver(ports()).receive(text)).toEqual({ kind: 'REFUSED', why: 'DAMAGED' });
  });

  it('used before asks first, and goes on when told to', async () => {
    const [text] = await codes(family(1));
    const receiver = new Receiver(ports());
    await receiver.receive(text!);
    now += 5 * MINUTE;
    const again = await receiver.receive(text!);
    expect(again).toMatchObject({ kind: 'USED', minutes: 5 });
    expect(filled).toHaveLength(1);
    if (again.kind === 'USED') expect(await again.goOn()).toMatchObject({ kind: 'FILLED' });
    expect(filled).toHaveLength(2);
  });

  it('that is a commuter’s card is used every day without a question', async () => {
    const [text] = await codes(family(1, { kind: 'CARD' }));
    const receiver = new Receiver(ports());
    await receiver.receive(text!);
    now += 5 * MINUTE;
    expect(await receiver.receive(text!)).toMatchObject({ kind: 'USED' });
    now += 9 * 60 * MINUTE;
    expect(await receiver.receive(text!)).toMatchObject({ kind: 'FILLED' });
  });

  it('is not filled in twice for one vehicle unasked', async () => {
    const [text] = await codes(family(2));
    const form = { ...ports().form, holds: () => true };
    expect(await new Receiver(ports({ form })).receive(text!)).toMatchObject({ kind: 'USED', where: 'CAR' });
    expect(filled).toEqual([]);
  });

  it('made for another checkpoint whose key is here says so', async () => {
    const [text] = await codes(family(1));
    expect(await new Receiver(ports({ checkpoint: () => 'HC99' })).receive(text!)).toMatchObject({ kind: 'FILLED', elsewhere: vector.checkpoint });
  });

  it('of a day without a key is refused calmly', async () => {
    const [text] = await codes(family(1));
    expect(await new Receiver(ports({ findKeys: async () => [] })).receive(text!)).toEqual({ kind: 'REFUSED', why: 'NO_KEY' });
  });
});

describe('a short code', () => {
  it('brings the same declaration over the network', async () => {
    const content = family(3);
    answer = { kind: 'OK', body: { id: content.id, kind: 'DECLARATION', people: 3, sealed: toBase64(await sealed(content, vector.key)) } };
    expect(await new Receiver(ports()).receive('483 920\n')).toMatchObject({ kind: 'FILLED', people: 3 });
    expect(filled).toEqual([content]);
  });

  it('typed by a gun into the pad that fetches it already is fetched once', async () => {
    const content = family(1);
    answer = { kind: 'OK', body: { id: content.id, kind: 'DECLARATION', people: 1, sealed: toBase64(await sealed(content, vector.key)) } };
    const receiver = new Receiver(ports());
    const both = await Promise.all([receiver.receiveShortCode('483920'), receiver.receive('483920\n')]);
    expect(both.map(({ kind }) => kind)).toEqual(['FILLED', 'FILLED']);
    expect(filled).toHaveLength(1);
  });

  it.each([
    [status(404), 'NO_SUCH_CODE'],
    [status(429), 'WAIT'],
    [status(401), 'NOT_ALLOWED'],
    [status(403), 'NOT_ALLOWED'],
    [status(503), 'UNREACHABLE'],
    [{ kind: 'UNREACHABLE' } as const, 'UNREACHABLE'],
    [{ kind: 'OK', body: { id: '', kind: '', people: 1, sealed: '%' } } as const, 'DAMAGED'],
    [{ kind: 'OK', body: {} as SealedDeclaration } as const, 'DAMAGED'],
  ])('answered %o is %s', async (reply, why) => {
    answer = reply;
    expect(await new Receiver(ports()).receiveShortCode('483920')).toEqual({ kind: 'REFUSED', why });
  });
});

describe('anything else', () => {
  it('goes where it belongs', async () => {
    const receiver = new Receiver(ports());
    expect(await receiver.receive('测试甲,男,210381199002280013')).toEqual({ kind: 'PERSON' });
    expect(people).toMatchObject([{ name: '测试甲' }]);
    expect(await receiver.receive('辽C12345')).toEqual({ kind: 'PLATE' });
    expect(plates).toEqual(['辽C12345']);
    expect(await receiver.receive('https://lianfang.lan/phone/#enrol=ABC')).toEqual({ kind: 'ENROLMENT', code: 'ABC' });
    expect(await receiver.receive('https://lianfang.lan/d/HC02#r=K7M2PQ')).toEqual({ kind: 'ROSTER', code: 'K7M2PQ' });
    expect(await receiver.receive('https://example.org')).toEqual({ kind: 'REFUSED', why: 'UNKNOWN' });
  });
});
