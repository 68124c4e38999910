/** Where the wall's figures come from: the stream says that something changed, the board is then asked again. */
import type { Board, News } from './board';

const BOARD = '/api/v1/board';
const STREAM = '/api/v1/board/stream';
const AT_MOST_EVERY_MS = 1_000;
const POLL_MS = 5_000;
/** Asked without news too: opening hours move on, and the session is seen to be in use. */
const QUIET_MS = 30_000;
const REOPEN_MS = 15_000;

export type Trouble = 'SIGNED_OUT' | 'UNREACHABLE';

export interface Ear {
  board(board: Board): void;
  /** `complete`: the board that was shown last holds everything these news count. */
  news(news: News, complete: boolean): void;
  trouble(trouble: Trouble): void;
}

export class Feed {
  private streaming = false;
  private asking = false;
  private failed = false;
  private askedAt = -Infinity;
  private wanted: number | undefined;
  /** The newest version heard of, and the one that the board answered to. */
  private heard = -1;
  private shown = -1;

  constructor(private readonly ear: Ear) {}

  start(): void {
    window.setInterval(() => {
      const pause = this.streaming && !this.failed ? QUIET_MS : POLL_MS;
      if (performance.now() - this.askedAt >= pause) void this.ask();
    }, 1_000);
    void this.ask();
    this.open();
  }

  private async ask(): Promise<void> {
    this.wanted = undefined;
    if (this.asking) return this.askSoon();
    this.asking = true;
    this.askedAt = performance.now();
    const version = this.heard;
    try {
      const response = await fetch(BOARD, { headers: { Accept: 'application/json' }, cache: 'no-store' });
      this.failed = !response.ok;
      if (response.ok) {
        this.ear.board((await response.json()) as Board);
        this.shown = version;
      } else this.ear.trouble(response.status === 401 || response.status === 403 ? 'SIGNED_OUT' : 'UNREACHABLE');
    } catch {
      this.failed = true;
      this.ear.trouble('UNREACHABLE');
    } finally {
      this.asking = false;
    }
  }

  private askSoon(): void {
    if (this.wanted !== undefined) return;
    this.wanted = window.setTimeout(() => this.ask(), Math.max(0, this.askedAt + AT_MOST_EVERY_MS - performance.now()));
  }

  private open(): void {
    const stream = new EventSource(STREAM);
    stream.addEventListener('open', () => {
      this.streaming = true;
    });
    stream.addEventListener('board', (event) => {
      this.streaming = true;
      const news = JSON.parse((event as MessageEvent<string>).data) as News;
      this.heard = news.version;
      this.ear.news(news, this.shown === news.version);
      if (this.shown !== news.version && !this.failed) this.askSoon();
    });
    stream.addEventListener('error', () => {
      this.streaming = false;
      // The browser reconnects by itself unless it was refused outright.
      if (stream.readyState === EventSource.CLOSED) window.setTimeout(() => this.open(), REOPEN_MS);
    });
  }
}
