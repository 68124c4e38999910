import { describe, expect, it } from 'vitest';
import { maskName, maskNumber, readDocument } from '../src/identity/documents';
import { isMobile, looksLikePhone, tidyPhone } from '../src/identity/phoneNumber';
import { checkCharacter, readResidentId } from '../src/identity/residentId';
import { mintedAt, mintId } from '../src/identity/uuid7';
import vectors from './vectors.json' with { type: 'json' };

const TODAY = '2020-02-10';

describe('resident identity numbers', () => {
  it.each(vectors.resident_id.valid)('$v is read: $why', ({ v }) => {
    expect(readResidentId(v, TODAY)).toMatchObject({ valid: true, number: v });
  });

  it.each(vectors.resident_id.invalid)('"$v" is doubted: $why', ({ v }) => {
    expect(readResidentId(v, TODAY).valid).toBe(false);
  });

  it.each([
    ['11010519491231002Y', 'CHARACTERS'],
    ['110105194912310021', 'CHECK'],
    ['210381199002290019', 'DATE'],
    ['210727203001010014', 'FUTURE'],
    ['110105491231002', 'FIRST_GENERATION'],
    ['999999199001010016', 'REGION'],
    ['21072719850315201', 'LENGTH'],
  ])('%s is told as %s', (number, fault) => {
    expect(readResidentId(number, TODAY)).toMatchObject({ fault });
  });

  it('tells birth date and sex', () => {
    expect(readResidentId('210727198503152019', TODAY)).toMatchObject({ bornOn: '1985-03-15', sex: 'M' });
    expect(readResidentId('420106198807150041', TODAY)).toMatchObject({ bornOn: '1988-07-15', sex: 'F' });
  });

  it('reads a small x, full-width digits and spaces', () => {
    expect(readResidentId(' 110105 19491231 002x', TODAY)).toMatchObject({ valid: true, number: '11010519491231002X' });
    expect(readResidentId('１１０１０５１９４９１２３１００２Ｘ', TODAY).valid).toBe(true);
  });

  it('accepts a foreigner’s permanent residence card of 2023', () => {
    expect(readResidentId('911840199001010018', TODAY).valid).toBe(true);
  });

  it('accepts a baby born today and doubts one born tomorrow', () => {
    const today = '21038120200210001';
    const tomorrow = '21038120200211001';
    expect(readResidentId(today + checkCharacter(today), TODAY).valid).toBe(true);
    expect(readResidentId(tomorrow + checkCharacter(tomorrow), TODAY)).toMatchObject({ fault: 'FUTURE' });
  });
});

describe('documents', () => {
  it('counts the missing digits while a number is typed', () => {
    expect(readDocument('RESIDENT_ID', '2103811990', TODAY)).toEqual({ state: 'TYPING', missing: 8 });
  });

  it.each([
    ...vectors.permits.hk_mo_travel_permit.map((v) => ['HM_PASS', v] as const),
    ...vectors.permits.tw_travel_permit.map((v) => ['TW_PASS', v] as const),
    ...vectors.permits.passport_cn.map((v) => ['PASSPORT', v] as const),
    ['PERMANENT_RESIDENCE', '911840199001010018'] as const,
  ])('%s %s has a known form', (type, number) => {
    expect(readDocument(type, number, TODAY).state).toBe('ACCEPTED');
  });

  it('calls an uncommon form odd and takes it all the same', () => {
    expect(readDocument('HM_PASS', 'X12', TODAY).state).toBe('ODD');
    expect(readDocument('OTHER', 'whatever', TODAY).state).toBe('ACCEPTED');
  });

  it('masks what others might read over a shoulder', () => {
    expect(maskNumber('210381199002280013')).toBe('2103**********0013');
    expect(maskNumber('E1234567')).toBe('E1******');
    expect(maskName('王小明')).toBe('王**');
    expect(maskName('')).toBe('');
  });
});

describe('telephone numbers', () => {
  it.each(vectors.mobile.valid)('%s is a mobile number', (v) => expect(isMobile(v)).toBe(true));
  it.each(vectors.mobile.invalid)('%s is not', (v) => expect(isMobile(v)).toBe(false));

  it('takes landlines and foreign numbers', () => {
    expect(looksLikePhone('0412-3456789')).toBe(true);
    expect(looksLikePhone('+81 90 1234 5678')).toBe(true);
    expect(tidyPhone('+86 139 0416 0001')).toBe('13904160001');
  });
});

describe('ids', () => {
  it('are version 7 and carry their moment', () => {
    const at = Date.parse('2020-02-10T04:00:00.123Z');
    const id = mintId(at);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(mintedAt(id)).toBe(at);
  });

  it('sort by time and never repeat', () => {
    const ids = Array.from({ length: 1000 }, (_, ms) => mintId(1_581_300_000_000 + ms));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(Array.from({ length: 1000 }, () => mintId(0))).size).toBe(1000);
  });
});
