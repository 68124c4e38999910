/** What the worker chose on this phone: language, day or night, places used lately. Nobody's data. */
import { reactive, watch } from 'vue';
import type { Language, Theme } from '../device/preferences';
import { settings } from './database';

const KEY = 'choices';
const KEPT_PLACES = 4;

export const choices = reactive({ language: 'zh-Hans' as Language, theme: 'CLOCK' as Theme, places: [] as string[] });

export async function loadChoices(browserLanguage: string): Promise<void> {
  if (!/^zh/i.test(browserLanguage)) choices.language = 'en';
  Object.assign(choices, await settings.read<Partial<typeof choices>>(KEY));
  watch(choices, () => void settings.write(KEY, choices));
}

export function rememberPlace(code: string): void {
  choices.places = [code, ...choices.places.filter((one) => one !== code)].slice(0, KEPT_PLACES);
}
