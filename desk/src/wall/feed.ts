/** Where the wall's figures come from: the stream says that something changed, each tile is then asked for again. */
import type { Answer, News, TileName } from './answers';
import { isDue, troubleOf, type Course, type Pace, type Told, type Trouble } from './schedule';

const STREAM = '/api/v1/board/stream';
const LOOK_MS = 250;
const REOPEN_MS = 15_000;
const PATIENCE_MS = 15_000;

export interface Ear {
  answer(answer: Answer): void;
  /** What the tile shows is current; `watermark` where the stream told it. */
  confirmed(name: TileName, watermark: string | null): void;
  news(news: News): void;
  trouble(name: TileName, trouble: Trouble): void;
}

interface Tile extends Course {
  pace: Pace;
  etag: string | null;
}

export class Feed {
  private readonly tiles = new Map<TileName, Tile>();
  private readonly told: Told = { isStreaming: false, version: null };

  constructor(
    paces: Record<TileName, Pace>,
    private readonly ear: Ear,
  ) {
    for (const [name, pace] of Object.entries(paces)) {
      const tile = { pace, etag: null, askedAt: -Infinity, isAsking: false, trouble: null, version: null };
      this.tiles.set(name as TileName, tile);
    }
  }

  start(): void {
    window.setInterval(() => this.askWhatIsDue(), LOOK_MS);
    this.askWhatIsDue();
    this.open();
  }

  private askWhatIsDue(): void {
    const now = performance.now();
    for (const [name, tile] of this.tiles) {
      if (isDue(tile, tile.pace, this.told, now)) void this.ask(name, tile, now);
    }
  }

  private async ask(name: TileName, tile: Tile, now: number): Promise<void> {
    tile.isAsking = true;
    tile.askedAt = now;
    const patience = new AbortController();
    const timer = window.setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      const headers: Record<string, string> = { Accept: 'application/json' };
      if (tile.etag !== null) headers['If-None-Match'] = tile.etag;
      const response = await fetch(`/api/v1/wall/${name}`, { headers, cache: 'no-store', signal: patience.signal });
      await this.take(name, tile, response);
    } catch {
      this.failed(name, tile, 'UNREACHABLE');
    } finally {
      window.clearTimeout(timer);
      tile.isAsking = false;
    }
  }

  private async take(name: TileName, tile: Tile, response: Response): Promise<void> {
    if (response.status === 304) {
      tile.trouble = null;
      this.ear.confirmed(name, null);
    } else if (response.ok) {
      const answer = (await response.json()) as Answer;
      tile.trouble = null;
      tile.etag = response.headers.get('ETag');
      tile.version = answer.version;
      this.ear.answer(answer);
    } else {
      const refusal = (await response.json().catch(() => null)) as { error?: { code?: string } } | null;
      this.failed(name, tile, troubleOf(response.status, refusal?.error?.code ?? ''));
    }
  }

  private failed(name: TileName, tile: Tile, trouble: Trouble): void {
    tile.trouble = trouble;
    this.ear.trouble(name, trouble);
  }

  private open(): void {
    const stream = new EventSource(STREAM);
    stream.addEventListener('open', () => {
      this.told.isStreaming = true;
    });
    stream.addEventListener('board', (event) => this.hear(JSON.parse((event as MessageEvent<string>).data) as News));
    stream.addEventListener('error', () => {
      this.told.isStreaming = false;
      // The browser reconnects by itself unless it was refused outright.
      if (stream.readyState === EventSource.CLOSED) window.setTimeout(() => this.open(), REOPEN_MS);
    });
  }

  private hear(news: News): void {
    this.told.isStreaming = true;
    this.told.version = news.version;
    this.ear.news(news);
    for (const [name, tile] of this.tiles) {
      if (tile.trouble === null && tile.version === news.version) this.ear.confirmed(name, news.watermark);
    }
    this.askWhatIsDue();
  }
}
