import { describe, expect, it } from 'vitest';
import { asPrinted, isValidTaxNumber, sameTaxNumber, taxNumberForms } from '../../src/domain/tax-number.ts';

describe('the spellings of one tax number', () => {
  it('a French number goes by its EU form, its national part and its SIREN, however it is written', () => {
    const forms = ['FR40303265045', '40303265045', '303265045'];
    for (const text of [
      'FR 40 303 265 045',
      'fr40303265045',
      '40303265045',
      '303 265 045',
      '303.265.045',
      '30326504500017',
    ]) {
      expect(taxNumberForms(text, 'FR')[0]).toBe('FR40303265045');
    }
    expect(taxNumberForms('FR40303265045', 'FR')).toEqual(forms);
  });
  it('is searched as people print it, too', () => {
    expect(asPrinted('FR40303265045')).toEqual(['FR 40 303 265 045']);
    expect(asPrinted('DE136695976')).toEqual(['DE 136695976']);
    expect(asPrinted('303265045')).toEqual([]);
  });
  it('a number whose checksum is wrong goes by what was written, alone', () => {
    expect(taxNumberForms('FR41303265045', 'FR')).toEqual(['FR41303265045']);
    expect(taxNumberForms('303265046', 'FR')).toEqual(['303265046']);
  });
  it('nothing is no number', () => {
    expect(taxNumberForms(null, 'FR')).toEqual([]);
    expect(taxNumberForms(' - ', 'FR')).toEqual([]);
    expect(sameTaxNumber('', '', 'FR')).toBe(false);
  });
  it.each([
    ['DE136695976', 'DE'],
    ['BE0403170701', 'BE'],
    ['IT00743110157', 'IT'],
    ['NL004495445B01', 'NL'],
    ['ESB58378431', 'ES'],
    ['ATU13585627', 'AT'],
    ['EL094259216', 'GR'],
    ['PL8567346215', 'PL'],
    ['PT501964843', 'PT'],
    ['LU15027442', 'LU'],
    ['IE6433435F', 'IE'],
    ['SE123456789701', 'SE'],
  ])('%s is the same number with and without its prefix', (number, country) => {
    expect(isValidTaxNumber(number, country)).toBe(true);
    expect(sameTaxNumber(number, number.slice(2), country)).toBe(true);
    expect(taxNumberForms(number.slice(2), country)[0]).toBe(number);
  });
});

describe('different numbers', () => {
  it('equal digits of two countries are two companies', () => {
    expect(sameTaxNumber('DE136695976', 'PT136695973', 'FR')).toBe(false);
    expect(sameTaxNumber('FR40303265045', 'DE303265045', 'FR')).toBe(false);
  });
  it('a neighbour’s number is not the same', () => {
    expect(sameTaxNumber('FR40303265045', 'FR83404833048', 'FR')).toBe(false);
  });
  it('the country of an unprefixed number is the buyer’s', () => {
    expect(sameTaxNumber('136695976', 'DE136695976', 'DE')).toBe(true);
    expect(taxNumberForms('136695976', 'DE')[0]).toBe('DE136695976');
  });
});
