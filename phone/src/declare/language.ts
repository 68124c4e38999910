/** The words of the traveller's page. It carries none of the officer's; English is fetched when it is wanted. */
import { createI18n, useI18n } from 'vue-i18n';
import type { Bilingual } from '../api/contract';
import { declare, type DeclareWords } from '../i18n/zh-Hans/declare';
import { kept, keep } from './memory';

export type Language = 'zh-Hans' | 'en';

export const words = createI18n<[DeclareWords], Language, false>({
  legacy: false,
  locale: 'zh-Hans',
  fallbackLocale: 'zh-Hans',
  messages: { 'zh-Hans': declare } as Record<Language, DeclareWords>,
});

export function languageOfBrowser(): Language {
  return kept<Language>('language') ?? (/^zh/i.test(navigator.language) ? 'zh-Hans' : 'en');
}

/** Chinese stays when English cannot be fetched. */
export async function speak(language: Language): Promise<void> {
  try {
    if (language === 'en') words.global.setLocaleMessage('en', (await import('../i18n/en/declare')).declare);
  } catch {
    return;
  }
  words.global.locale.value = language;
  document.documentElement.lang = language;
  document.title = words.global.t('page.title');
  keep('language', language);
}

/** `t` for sentences of the page, `pick` for those the server sends in both languages. */
export function useLanguage() {
  const { t, locale } = useI18n<{ message: DeclareWords }, Language>({ useScope: 'global' });
  const pick = (text: Bilingual): string => (locale.value === 'en' ? text.en || text.zh : text.zh || text.en);
  return { t, pick, locale };
}
