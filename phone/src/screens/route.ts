/** Which screen is shown: the part of the address after #, so that the phone's own back button works. */
import { ref } from 'vue';

export type Screen = 'register' | 'outbox' | 'settings' | 'enrol' | 'readiness' | 'cards' | 'roster' | 'disagreements';
const SCREENS: readonly string[] = ['register', 'outbox', 'settings', 'enrol', 'readiness', 'cards', 'roster', 'disagreements'] satisfies Screen[];

export const screen = ref<Screen>(read());

function read(): Screen {
  const name = location.hash.replace(/^#\/?/, '');
  return SCREENS.includes(name) ? (name as Screen) : 'register';
}

export function go(to: Screen): void {
  location.hash = `#/${to}`;
  screen.value = to;
}

export function followAddress(onOther: () => void): void {
  addEventListener('hashchange', () => {
    onOther();
    screen.value = read();
  });
}
