import { describe, expect, it } from 'vitest';
import { displayPlate, isKnownPlate, maskPlate, plateKey, PROVINCE_LETTERS, suggestPlate } from '../src/identity/plates';
import { faceFor, offersEndings, PROVINCE_KEYS, SERIAL_KEYS } from '../src/keypads/plateKeys';
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
    expect(PROVINCE_KEYS[0]).toBe('辽C');
    expect(PROVINCE_LETTERS.every((letter) => PROVINCE_KEYS.includes(letter))).toBe(true);
    expect(PROVINCE_LETTERS).toHaveLength(31);
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
