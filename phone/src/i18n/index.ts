/** The words on the screen. Chinese travels with the program; English is fetched (from the cache, offline too) when chosen. */
import { createI18n, useI18n } from 'vue-i18n';
import type { Bilingual } from '../api/contract';
import { preferences, type Language } from '../device/preferences';
import { zhHans, type Messages } from './zh-Hans';

export const i18n = createI18n<[Messages], Language, false>({
  legacy: false,
  locale: 'zh-Hans',
  fallbackLocale: 'zh-Hans',
  messages: { 'zh-Hans': zhHans } as unknown as Record<Language, Messages>,
});

export async function speak(language: Language): Promise<void> {
  if (language === 'en') i18n.global.setLocaleMessage('en', (await import('./en')).en);
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
}

/** `t` for sentences of the program, `pick` for those the server sends in both languages, `has` for codes it may extend. */
export function useWords() {
  const { t, te, locale } = useI18n<{ message: Messages }, Language>({ useScope: 'global' });
  const pick = (text: Bilingual): string => (preferences.language === 'en' ? text.en || text.zh : text.zh || text.en);
  const orCode = (prefix: string, code: string): string =>
    te(`${prefix}.${code}`, 'zh-Hans') ? t(`${prefix}.${code}`) : code;
  return { t, pick, orCode, locale };
}
