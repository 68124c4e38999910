import { describe, expect, it } from 'vitest';
import { Tree } from '../src/regions/tree';

const tree = new Tree([
  { code: '110000', name: '北京市', parent: null },
  { code: '110100', name: '市辖区', parent: '110000' },
  { code: '110101', name: '东城区', parent: '110100' },
  { code: '210000', name: '辽宁省', parent: null },
  { code: '210300', name: '鞍山市', parent: '210000' },
  { code: '210381', name: '海城市', parent: '210300' },
  { code: '210381104', name: '析木镇', parent: '210381' },
  { code: '210381104200', name: '缸窑岭村委会', parent: '210381104' },
  { code: '420000', name: '湖北省', parent: null },
  { code: '420100', name: '武汉市', parent: '420000' },
  { code: '420102', name: '江岸区', parent: '420100' },
  { code: '421181', name: '小武汉', parent: '420000' },
]);

describe('places', () => {
  it('are walked from the province down', () => {
    expect(tree.children(null).map((one) => one.name)).toEqual(['北京市', '辽宁省', '湖北省']);
    expect(tree.children('210381').map((one) => one.name)).toEqual(['析木镇']);
    expect(tree.path('210381').map((one) => one.code)).toEqual(['210000', '210300', '210381']);
  });

  it('have full, short and own names, without the words that say nothing', () => {
    expect(tree.fullName('110101')).toBe('北京市 东城区');
    expect(tree.shortName('210381104')).toBe('海城市 析木镇');
    expect(tree.ownName('210381104200')).toBe('缸窑岭村');
    expect(tree.fullName('999999')).toBe('999999');
  });

  it('are found by the beginning of the name first, by code too', () => {
    expect(tree.search('武汉', 5).map((one) => one.code)).toEqual(['420100', '421181']);
    expect(tree.search('2103', 5).map((one) => one.code)).toEqual(['210300', '210381', '210381104', '210381104200']);
    expect(tree.search('  ', 5)).toEqual([]);
    expect(tree.search('市辖区', 5)).toEqual([]);
  });
});
