import { describe, expect, it } from 'vitest';
import { documentFlag, plateFlag } from '../src/typing';

const ON = '2020-02-13';

describe('what is odd about a row is known before it is saved', () => {
  it.each([
    ['辽C12345', null],
    ['辽c·123 45', null],
    ['辽CD12345', null],
    ['', null],
    ['同上', null],
    ['"', null],
    ['无牌', null],
    ['辽C1', 'PLATE_ODD'],
    ['辽CO2345', 'PLATE_ODD'],
  ])('plate %s', (typed, flag) => expect(plateFlag(typed)).toBe(flag));

  it.each([
    ['11010519491231002X', 'RESIDENT_ID', null],
    ['11010519491231002x', 'RESIDENT_ID', null],
    ['110105194912310021', 'RESIDENT_ID', 'DOCUMENT_CHECKSUM'],
    ['11010519491231002', 'RESIDENT_ID', 'DOCUMENT_LENGTH'],
    ['11010519491331002X', 'RESIDENT_ID', 'DOCUMENT_DATE'],
    ['', 'RESIDENT_ID', null],
    ['E12345678', 'PASSPORT', null],
  ])('document %s of %s', (typed, type, flag) => expect(documentFlag(typed, type, ON)).toBe(flag));
});
