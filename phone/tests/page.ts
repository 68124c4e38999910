/** As much of a page as the program's listeners need, with a clock that the test turns. */
import { vi } from 'vitest';

export interface FakePage {
  show: () => void;
  hide: () => void;
  fire: (name: string) => void;
  reload: ReturnType<typeof vi.fn>;
}

export function openPage(): FakePage {
  const page = new EventTarget();
  const screen = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const reload = vi.fn();
  vi.stubGlobal('document', screen);
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  const turn = (state: string) => {
    screen.visibilityState = state;
    screen.dispatchEvent(new Event('visibilitychange'));
  };
  return { show: () => turn('visible'), hide: () => turn('hidden'), fire: (name) => void page.dispatchEvent(new Event(name)), reload };
}
