import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { fromBase64 } from '../src/declaration/base64';
import { toBinary } from '../src/declaration/codec';
import { MOST_PEOPLE, type DeclarationContent } from '../src/declaration/content';
import { openDeclaration, type OpeningKey } from '../src/declaration/open';
import { infoFor, newSuite, sealed } from '../src/declaration/seal';
import { toContent } from '../src/declaration/shape';
import { vectorPair } from './declaring';
import vector from './declaration.json' with { type: 'json' };

const KEY: OpeningKey = { checkpoint: vector.checkpoint, pair: await vectorPair() };
const MORNING = Date.parse('2020-02-10T08:30:00+08:00');
const HOUR = 3_600_000;
const CARD_KEY = { ...vector.key, id: `1${vector.key.id}` };
const mine = async (id: string) => (id === vector.key.id || id === CARD_KEY.id ? [KEY] : []);

function content(changes: Record<string, unknown> = {}): DeclarationContent {
  const made = { v: 1, id: '019539d3-0000-7000-8000-000000000001', kind: 'DECLARATION', made_at: '2020-02-10T08:30:00+08:00' };
  return { ...made, checkpoint: vector.checkpoint, people: [{ name: '测试甲', document: { type: 'NONE' } }], ...changes } as DeclarationContent;
}

/** Sealed to the vector's key, whatever it holds. */
async function sealBytes(plain: Uint8Array, checkpoint = vector.checkpoint): Promise<Uint8Array> {
  const suite = newSuite();
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64(vector.key.public).buffer);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: infoFor(checkpoint).buffer }, new Uint8Array(plain).buffer);
  return toBinary(vector.key.id, Uint8Array.from([...new Uint8Array(enc), ...new Uint8Array(ct)]));
}

const seal = (changes?: Record<string, unknown>) => sealed(content(changes), changes?.kind === 'CARD' ? CARD_KEY : vector.key);

describe('a declaration on the officer’s phone', () => {
  it('is opened with the key of its day', async () => {
    expect(await openDeclaration(fromBase64(vector.binary), mine, MORNING)).toEqual({ content: vector.content });
  });

  it('is a card under a card’s key and under no other, for phones hold those for a week', async () => {
    expect(await openDeclaration(await sealed(content({ kind: 'CARD' }), vector.key), mine, MORNING)).toEqual({ fault: 'DAMAGED' });
    expect(await openDeclaration(await sealed(content(), CARD_KEY), mine, MORNING)).toEqual({ fault: 'DAMAGED' });
    expect(await openDeclaration(await seal({ kind: 'CARD' }), mine, MORNING)).toMatchObject({ content: { kind: 'CARD' } });
  });

  it('is found with whichever of several checkpoints’ keys it was sealed to', async () => {
    const other = { ...KEY, checkpoint: 'HC99' };
    expect(await openDeclaration(await seal(), async () => [other, KEY], MORNING)).toHaveProperty('content');
  });

  it('names why it stays closed', async () => {
    const binary = await seal();
    const changed = Uint8Array.from([...binary.slice(0, -1), binary.at(-1)! ^ 1]);
    const ofVersion2 = Uint8Array.from([2, ...binary.slice(1)]);
    expect(await openDeclaration(binary, async () => [], MORNING)).toEqual({ fault: 'NO_KEY' });
    expect(await openDeclaration(binary, async () => [{ ...KEY, checkpoint: 'HC99' }], MORNING)).toEqual({ fault: 'NOT_FOR_US' });
    expect(await openDeclaration(changed, mine, MORNING)).toEqual({ fault: 'NOT_FOR_US' });
    expect(await openDeclaration(binary.slice(0, 40), mine, MORNING)).toEqual({ fault: 'NOT_FOR_US' });
    expect(await openDeclaration(new Uint8Array(4), mine, MORNING)).toEqual({ fault: 'DAMAGED' });
    expect(await openDeclaration(ofVersion2, mine, MORNING)).toEqual({ fault: 'DAMAGED' });
  });

  it('is good for a day, a card for a week', async () => {
    const [day, card] = [await seal(), await seal({ kind: 'CARD' })];
    const faultAfter = async (binary: Uint8Array, hours: number) => (await openDeclaration(binary, mine, MORNING + hours * HOUR)).fault;
    expect(await faultAfter(day, 23.9)).toBeUndefined();
    expect(await faultAfter(day, 24)).toBe('EXPIRED');
    expect(await faultAfter(card, 7 * 24 - 0.1)).toBeUndefined();
    expect(await faultAfter(card, 7 * 24)).toBe('EXPIRED');
  });

  it('lasts no longer because it was dated ahead', async () => {
    const ahead = await seal({ made_at: '2030-01-01T00:00:00Z' });
    const endOfDay = Date.parse('2020-02-11T00:00:00+08:00');
    expect((await openDeclaration(ahead, mine, endOfDay + 23 * HOUR)).fault).toBeUndefined();
    expect((await openDeclaration(ahead, mine, endOfDay + 24 * HOUR)).fault).toBe('EXPIRED');
  });

  it('does not unfold a bomb', async () => {
    const bomb = deflateSync(new TextEncoder().encode(JSON.stringify({ ...content(), answers: 'x'.repeat(20_000_000) })), { level: 9 });
    expect(await openDeclaration(await sealBytes(bomb), mine, MORNING)).toEqual({ fault: 'DAMAGED' });
  });

  it.each(['null', '[]', '"text"', '{', '{"v":2}'])('is not made of %s', async (text) => {
    const binary = await sealBytes(deflateSync(new TextEncoder().encode(text)));
    expect(await openDeclaration(binary, mine, MORNING)).toEqual({ fault: 'DAMAGED' });
  });
});

describe('what is believed of it', () => {
  const onePerson = (said: Record<string, unknown>) => toContent(content({ people: [said] }))?.people[0];

  it('leaves out what is odd and keeps the rest', () => {
    const said = { name: ' 测试甲\u0000\u202e ', document: { type: 'LIBRARY_CARD', number: 12 }, born_on: '1990-02-30', sex: 'X', phone: ['1'], from_code: '42; DROP', case_contact: 'no' };
    expect(onePerson(said)).toEqual({ name: '测试甲', document: { type: 'NONE' } });
    expect(onePerson({ document: { type: 'LIBRARY_CARD', number: 'A1' } })).toEqual({ document: { type: 'OTHER', number: 'A1' } });
    expect(onePerson({ ...said, surprise: 1 })).not.toHaveProperty('surprise');
  });

  it('limits texts without cutting a character in two', () => {
    expect(onePerson({ name: '𠮷'.repeat(100) })?.name).toBe('𠮷'.repeat(60));
  });

  it('takes twenty people at most, and nobody as their own guardian', () => {
    const people = Array.from({ length: 30 }, (_, place) => ({ name: `测试${place}`, guardian: place === 1 ? 1 : place === 2 ? 25 : 0 }));
    const read = toContent(content({ people }))!.people;
    expect(read).toHaveLength(MOST_PEOPLE);
    expect(read.slice(0, 4).map((one) => one.guardian)).toEqual([undefined, undefined, undefined, 0]);
  });

  it('never turns unreadable symptoms into none', () => {
    expect(onePerson({ symptoms: [] })?.symptoms).toEqual([]);
    expect(onePerson({ symptoms: ['咳'] })).not.toHaveProperty('symptoms');
    expect(onePerson({ symptoms: ['COUGH', 7, 'COUGH'] })?.symptoms).toEqual(['COUGH']);
  });

  it('keeps only stays that are a place and two days in order', () => {
    const good = { code: '420100', from: '2020-02-01', to: '2020-02-03' };
    expect(onePerson({ stays: [good, { ...good, to: '2020-01-01' }, { ...good, code: '' }, 'x', null] })?.stays).toEqual([good]);
  });

  it.each([{ people: [] }, { people: 'x' }, { id: 'x' }, { made_at: 'yesterday' }, { v: '1' }])('is nothing with %o', (changes) => {
    expect(toContent(content(changes))).toBeNull();
  });
});

