/** The officer's choices on this phone. */
import { reactive, watch } from 'vue';
import type { Direction, TemperatureSite, Transport } from '../api/contract';
import { readSetting, writeSetting } from '../storage/settings';

export type Language = 'zh-Hans' | 'en';
export type Theme = 'CLOCK' | 'LIGHT' | 'DARK';

export interface Preferences {
  language: Language;
  theme: Theme;
  lane: string;
  /** The officer's own number, as headquarters writes it. Set at the start of a shift, like the lane. */
  officer: string;
  /** Who else stands at the lane, by number. */
  crew: string[];
  transport: Transport;
  direction: Direction;
  temperatureSite: TemperatureSite;
}

const KEY = 'preferences';

export const preferences = reactive<Preferences>({
  language: 'zh-Hans',
  theme: 'CLOCK',
  lane: '1',
  officer: '',
  crew: [],
  transport: 'CAR',
  direction: 'IN',
  temperatureSite: 'FOREHEAD',
});

export async function loadPreferences(): Promise<void> {
  Object.assign(preferences, await readSetting<Partial<Preferences>>(KEY));
  watch(preferences, () => void writeSetting(KEY, preferences));
}
