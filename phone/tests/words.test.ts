import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { MEASURE_KINDS, TRANSPORTS } from '../src/api/contract';
import { DOCUMENT_TYPES } from '../src/identity/documents';
import { i18n } from '../src/i18n';
import { en } from '../src/i18n/en';
import { grid as gridEnglish } from '../src/i18n/en/grid';
import { compileSentence } from '../src/i18n/sentences';
import { zhHans } from '../src/i18n/zh-Hans';
import { grid } from '../src/i18n/zh-Hans/grid';
import { scanner } from '../src/i18n/zh-Hans/scanner';

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : leaves(value, `${path}${key}.`),
  );
}

const chinese = leaves({ ...zhHans, ...scanner, grid });
const english = new Map(leaves({ ...en, grid: gridEnglish }));

describe('the words on the screen', () => {
  it('say everything in both languages', () => {
    expect([...english.keys()]).toEqual(chinese.map(([key]) => key));
  });

  it('name the same figures in both', () => {
    const figures = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join();
    expect(chinese.filter(([key, words]) => figures(english.get(key)!) !== figures(words))).toEqual([]);
  });

  it('shout at nobody', () => {
    expect(chinese.filter(([, words]) => /[!！]/.test(words))).toEqual([]);
    expect([...english.values()].filter((words) => words.includes('!'))).toEqual([]);
  });

  it('have a word for every value of the contract', () => {
    for (const kind of MEASURE_KINDS) expect(zhHans.measures).toHaveProperty(kind);
    for (const transport of TRANSPORTS) expect(zhHans.transports).toHaveProperty(transport);
    for (const type of DOCUMENT_TYPES) expect(zhHans.documents).toHaveProperty(type);
  });

  it('are put together without eval, which the content security policy forbids', () => {
    const evaluate = globalThis.Function;
    globalThis.Function = (() => {
      throw new Error('eval');
    }) as unknown as FunctionConstructor;
    try {
      expect(i18n.global.t('act.finish', { n: 3 })).toBe('完成(3人)');
    } finally {
      globalThis.Function = evaluate;
    }
  });

  it('keep a figure of 0, and every sign that some library gives a meaning', () => {
    const { t } = createI18n({ legacy: false, locale: 'en', messageCompiler: compileSentence, messages: { en: { a: '{n} of {total}', b: 'me@home | 100% $& {' } } }).global;
    expect([t('a', { n: 0, total: '$&' }), t('a'), t('b')]).toEqual(['0 of $&', ' of ', 'me@home | 100% $& {']);
  });
});
