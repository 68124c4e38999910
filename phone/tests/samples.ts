/** Generated people and cars: nobody's data. */
import type { ParcelItem, PersonReceipt, Receipt, ReceiptStatus, WireMeasure, WirePassage } from '../src/api/contract';
import { itemId } from '../src/api/contract';
import { mintId } from '../src/identity/uuid7';

export const NOON = Date.parse('2020-02-10T04:00:00Z');

export function passage(changes: Partial<WirePassage> = {}): WirePassage {
  return {
    id: mintId(NOON),
    checkpoint: 'HC03',
    lane: '1',
    direction: 'IN',
    source: 'OFFICER',
    transport: 'CAR',
    plate: '辽C12345',
    purpose: 'COMMUTE',
    occurred_at: '2020-02-10T04:00:00.000Z',
    people: [{ id: mintId(NOON), name: '王测试', document: { type: 'RESIDENT_ID', number: '210381199002280013' } }],
    ...changes,
  };
}

export function item(changes: Partial<WirePassage> = {}): ParcelItem {
  return { kind: 'PASSAGE', passage: passage(changes) };
}

export function measure(kind: string, changes: Partial<WireMeasure> = {}): WireMeasure {
  return { kind: kind as WireMeasure['kind'], row: kind.toLowerCase(), say: { zh: '请戴好口罩。', en: 'Please keep your mask on.' }, ...changes };
}

export function receipt(of: ParcelItem, status: ReceiptStatus = 'ACCEPTED', people?: Partial<PersonReceipt>[]): Receipt {
  const sent = of.kind === 'PASSAGE' ? of.passage.people : [];
  return {
    id: itemId(of),
    status,
    flags: [],
    received_at: '2020-02-10T04:00:01Z',
    people: sent.map((person, place) => ({ id: person.id, status: 'ACCEPTED', flags: [], measures: [measure('REGISTER')], ...people?.[place] })),
  };
}
