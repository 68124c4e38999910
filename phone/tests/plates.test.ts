import { describe, expect, it } from 'vitest';
import { displayPlate, isKnownPlate, maskPlate, mayGrow, plateKey, PROVINCE_LETTERS, suggestPlate } from '../src/identity/plates';
import { ENDING_KEYS, faceFor, offersEndings, provinceKeys, SERIAL_KEYS } from '../src/keypads/plateKeys';
import vectors from './vectors.json' with { type: 'json' };

describe('plates', () => {
  it.each(vectors.plate.valid)('%s has a known form', (plate) => expect(isKnownPlate(plate)).toBe(true));
  it.each(vectors.plate.invalid)('%s is odd', (plate) => expect(isKnownPlate(plate)).toBe(false));

  it('are compared without dots, spaces, width and case', () => {
    expect(plateKey(' 辽c·１２3-45 ')).toBe('辽C12345');
  });

  it('are shown with the dot that stands on the car', () => {
    expect(displayPlate('辽c12345')).toBe('辽C·12345');
    expect(displayPlate('WJ12345')).toBe('WJ12345');
  });

  it('suggest 0 and 1 for O and I, and only suggest', () => {
    expect(suggestPlate('辽GO12I4')).toBe('辽G01214');
    expect(suggestPlate('辽C12345')).toBeNull();
    expect(suggestPlate('拼出租车')).toBeNull();
  });

  it('are masked in lists', () => expect(maskPlate('辽C12345')).toBe('辽C·1***5'));
});

describe('the plate keypad', () => {
  it('offers every province, Liaoning first', () => {
    const keys = provinceKeys([]);
    expect(keys[0]).toBe('辽C');
    expect(PROVINCE_LETTERS.every((letter) => keys.includes(letter))).toBe(true);
    expect(PROVINCE_LETTERS).toHaveLength(31);
  });

  it('puts what was typed lately behind those of home, one row of both', () => {
    expect(provinceKeys(['鄂A', '辽C', '鲁B', '京N', '沪A', '无']).slice(0, 7)).toEqual(['辽C', '辽G', '辽A', '鄂A', '鲁B', '京N', '辽']);
  });

  it.each([
    ['辽C12345', true],
    ['辽CD1234', true],
    ['辽CL1234', false],
    ['辽C1A234', false],
    ['辽C1234挂', false],
    ['辽CD12345', false],
    ['使123456', false],
    ['辽C1234', false],
  ])('may %s take one more character: %s', (plate, grows) => expect(mayGrow(plate)).toBe(grows));

  it('has every special last character, and they make known plates', () => {
    for (const ending of ENDING_KEYS.filter((key) => key !== '使')) expect(isKnownPlate(`辽C1234${ending}`)).toBe(true);
    expect(isKnownPlate('224578使')).toBe(true);
  });

  it('has no I and no O', () => {
    expect(SERIAL_KEYS).toHaveLength(34);
    expect(SERIAL_KEYS).not.toContain('I');
    expect(SERIAL_KEYS).not.toContain('O');
  });

  it('turns to letters after the province and offers endings at the end', () => {
    expect(faceFor('')).toBe('PROVINCES');
    expect(faceFor('辽')).toBe('SERIAL');
    expect(offersEndings('辽C1234')).toBe(true);
    expect(offersEndings('辽C123')).toBe(false);
  });
});
