/** The words of the grid worker's page. It carries none of the officer's; English is fetched (from the phone, offline too) when it is chosen. */
import { createI18n, useI18n } from 'vue-i18n';
import type { Bilingual } from '../api/contract';
import type { Language } from '../device/preferences';
import { compileSentence } from '../i18n/sentences';
import { grid, type GridWords } from '../i18n/zh-Hans/grid';
import { choices } from './choices';

export const words = createI18n<[GridWords], Language, false>({
  legacy: false,
  locale: 'zh-Hans',
  fallbackLocale: 'zh-Hans',
  messageCompiler: compileSentence,
  messages: { 'zh-Hans': grid } as Record<Language, GridWords>,
});

/** Chinese stays when English cannot be fetched. */
export async function speak(language: Language): Promise<void> {
  try {
    if (language === 'en') words.global.setLocaleMessage('en', (await import('../i18n/en/grid')).grid);
  } catch {
    return;
  }
  words.global.locale.value = language;
  document.documentElement.lang = language;
  document.title = words.global.t('page.title');
}

/** `t` for sentences of the page, `pick` for those the server sends in both languages, `orCode` for codes it may extend. */
export function useLanguage() {
  const { t, te, locale } = useI18n<{ message: GridWords }, Language>({ useScope: 'global' });
  const pick = (text: Bilingual): string => (choices.language === 'en' ? text.en || text.zh : text.zh || text.en);
  const orCode = (prefix: string, code: string): string => (te(`${prefix}.${code}`, 'zh-Hans') ? t(`${prefix}.${code}`) : code);
  return { t, pick, orCode, locale };
}
