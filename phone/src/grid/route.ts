/** Which screen is shown: the part of the address after #, so that the phone's own back button works. It names nobody. */
import { ref } from 'vue';

export type Screen = 'doors' | 'door' | 'where' | 'observed' | 'watch' | 'households' | 'household' | 'outbox' | 'settings';
const SCREENS: readonly string[] = ['doors', 'door', 'where', 'observed', 'watch', 'households', 'household', 'outbox', 'settings'] satisfies Screen[];

export interface Place {
  screen: Screen;
  /** The door's or household's key; random ids, no names. */
  key: string;
  /** For `where`: whose answer, and which. */
  more: string;
}

export const place = ref<Place>(read());

function read(): Place {
  const [screen = '', key = '', more = ''] = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  return SCREENS.includes(screen) ? { screen: screen as Screen, key, more } : { screen: 'doors', key: '', more: '' };
}

export function go(screen: Screen, key = '', more = ''): void {
  location.hash = `#/${[screen, key, more].filter(Boolean).map(encodeURIComponent).join('/')}`;
  place.value = { screen, key, more };
}


export function followAddress(onOther: () => void): void {
  addEventListener('hashchange', () => {
    onOther();
    place.value = read();
  });
}
