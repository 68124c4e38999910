/** One way to the server: JSON over the same origin, every outcome a value, nothing thrown. */
import type { WireError } from './contract';

export type Reply<T> =
  | { kind: 'OK'; body: T }
  /** The server answered with the contract's error body. `retryAfterMs` is null when it did not say. */
  | { kind: 'REFUSED'; status: number; error: WireError; retryAfterMs: number | null }
  /** No network, a timeout, or an answer that is not ours: a captive portal, a proxy's error page. */
  | { kind: 'UNREACHABLE' };

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT';
  token?: string;
  body?: unknown;
  timeoutMs?: number;
  /** The intake alone reads packed bodies. */
  unpacked?: boolean;
}

/** Below this many characters packing costs more than it saves. */
const WORTH_PACKING = 2_000;

export async function call<T>(path: string, options: CallOptions = {}): Promise<Reply<T>> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), options.timeoutMs ?? 15_000);
  try {
    const response = await fetch(path, { ...(await prepare(options)), signal: timeout.signal });
    return await readReply<T>(response);
  } catch {
    return { kind: 'UNREACHABLE' };
  } finally {
    clearTimeout(timer);
  }
}

async function prepare(options: CallOptions): Promise<RequestInit> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.token) headers.Authorization = `Bearer ${options.token}`;
  const init: RequestInit = { method: options.method ?? 'GET', headers, credentials: 'omit', cache: 'no-cache' };
  if (options.body === undefined) return init;
  headers['Content-Type'] = 'application/json';
  const text = JSON.stringify(options.body);
  const packed = text.length > WORTH_PACKING && !options.unpacked ? await pack(text) : null;
  if (packed) headers['Content-Encoding'] = 'gzip';
  return { ...init, body: packed ?? text };
}

/** Null on phones whose browser cannot pack; the text goes as it is. */
async function pack(text: string): Promise<ArrayBuffer | null> {
  if (typeof CompressionStream === 'undefined') return null;
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

async function readReply<T>(response: Response): Promise<Reply<T>> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return { kind: 'OK', body: body as T };
  const error = wireError(body);
  if (!error && response.status < 400) return { kind: 'UNREACHABLE' };
  return {
    kind: 'REFUSED',
    status: response.status,
    error: error ?? { code: `HTTP_${response.status}`, zh: '', en: '' },
    retryAfterMs: retryAfter(response.headers.get('Retry-After')),
  };
}

function wireError(body: unknown): WireError | null {
  const error = (body as { error?: Partial<WireError> } | undefined)?.error;
  if (!error || typeof error.code !== 'string') return null;
  return { code: error.code, zh: error.zh ?? '', en: error.en ?? error.zh ?? '' };
}

/** Seconds or an HTTP date, as RFC 9110 allows both. */
export function retryAfter(header: string | null, now: number = Date.now()): number | null {
  if (!header) return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
