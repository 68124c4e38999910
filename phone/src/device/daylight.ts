/** Dark screens at night, by the clock, unless the officer chose otherwise. */
import { ref } from 'vue';
import { shanghaiHour } from '../clock/shanghai';
import type { Theme } from './preferences';

const NIGHT_FROM = 18;
const NIGHT_UNTIL = 6;

export const hour = ref(shanghaiHour(Date.now()));

export function followClock(): void {
  setInterval(() => (hour.value = shanghaiHour(Date.now())), 60_000);
}

export function isDark(theme: Theme, atHour: number): boolean {
  if (theme !== 'CLOCK') return theme === 'DARK';
  return atHour >= NIGHT_FROM || atHour < NIGHT_UNTIL;
}
