/** Where the wall's figures come from: the stream says that something changed, the board is then asked again. */
import type { Board, News } from './board';

const BOARD = '/api/v1/board';
const STREAM = '/api/v1/board/stream';
const AT_MOST_EVERY_MS = 1_000;
const POLL_MS = 5_000;
/** Asked without news too: ages, opening hours and the watermark move on, and the session is seen to be in use. */
const QUIET_MS = 30_000;
const REOPEN_MS = 15_000;

export type Trouble = 'SIGNED_OUT' | 'UNREACHABLE';

export interface Ear {
  board(board: Board): void;
  news(news: News): void;
  trouble(trouble: Trouble): void;
}

export function listen(ear: Ear): void {
  let streaming = false;
  let asking = false;
  let askedAt = -Infinity;
  let wanted: number | undefined;

  async function ask(): Promise<void> {
    wanted = undefined;
    if (asking) return wantSoon();
    asking = true;
    askedAt = performance.now();
    try {
      const response = await fetch(BOARD, { headers: { Accept: 'application/json' }, cache: 'no-store' });
      if (response.ok) ear.board((await response.json()) as Board);
      else ear.trouble(response.status === 401 || response.status === 403 ? 'SIGNED_OUT' : 'UNREACHABLE');
    } catch {
      ear.trouble('UNREACHABLE');
    } finally {
      asking = false;
    }
  }

  function wantSoon(): void {
    if (wanted !== undefined) return;
    wanted = window.setTimeout(ask, Math.max(0, askedAt + AT_MOST_EVERY_MS - performance.now()));
  }

  function open(): void {
    const stream = new EventSource(STREAM);
    stream.addEventListener('open', () => {
      streaming = true;
    });
    stream.addEventListener('board', (event) => {
      streaming = true;
      ear.news(JSON.parse((event as MessageEvent<string>).data) as News);
      wantSoon();
    });
    stream.addEventListener('error', () => {
      streaming = false;
      // The browser reconnects by itself unless it was refused outright.
      if (stream.readyState === EventSource.CLOSED) window.setTimeout(open, REOPEN_MS);
    });
  }

  window.setInterval(() => {
    if (performance.now() - askedAt >= (streaming ? QUIET_MS : POLL_MS)) void ask();
  }, 1_000);
  void ask();
  open();
}
