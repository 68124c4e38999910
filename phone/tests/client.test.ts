/** The client against a real server on loopback, with everything a bad road can put in between. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, retryAfter } from '../src/api/client';
import { openLoopback, readBody, type Loopback } from './loopback';

let server: Loopback;

beforeEach(async () => {
  server = await openLoopback();
});
afterEach(() => server.close());

describe('a call', () => {
  it('brings the token and the body, and the answer back', async () => {
    let seen = '';
    server.answer = async (request, response) => {
      seen = `${request.method} ${request.headers.authorization} ${(await readBody(request)).toString()}`;
      response.end('{"ok":true}');
    };
    expect(await call('/x', { method: 'POST', token: 't', body: { a: 1 } })).toEqual({ kind: 'OK', body: { ok: true } });
    expect(seen).toBe('POST Bearer t {"a":1}');
  });

  it('packs what is worth packing', async () => {
    let body: unknown;
    server.answer = async (request, response) => {
      expect(request.headers['content-encoding']).toBe('gzip');
      body = JSON.parse((await readBody(request)).toString());
      response.end('{}');
    };
    const sent = { text: '卡口'.repeat(2_000) };
    expect((await call('/x', { method: 'POST', body: sent })).kind).toBe('OK');
    expect(body).toEqual(sent);
  });

  it('hands on the server’s own refusal', async () => {
    server.answer = (_request, response) => {
      response.writeHead(503, { 'Retry-After': '4' }).end('{"error":{"code":"BUSY","zh":"忙","en":"busy"}}');
    };
    expect(await call('/x')).toEqual({ kind: 'REFUSED', status: 503, error: { code: 'BUSY', zh: '忙', en: 'busy' }, retryAfterMs: 4_000 });
  });

  it('names a refusal without words by its status', async () => {
    server.answer = (_request, response) => void response.writeHead(502).end('<html>bad gateway</html>');
    expect(await call('/x')).toMatchObject({ kind: 'REFUSED', status: 502, error: { code: 'HTTP_502' } });
  });

  it('does not take a captive portal’s page for an answer', async () => {
    server.answer = (_request, response) => void response.end('<html>sign in to the Wi-Fi</html>');
    expect(await call('/x')).toEqual({ kind: 'UNREACHABLE' });
  });

  it('gives up waiting', async () => {
    server.answer = () => undefined;
    expect(await call('/x', { timeoutMs: 30 })).toEqual({ kind: 'UNREACHABLE' });
  });

  it('survives a line cut in the middle', async () => {
    server.answer = (request, response) => {
      response.write('{"half":');
      request.socket.destroy();
    };
    expect(await call('/x')).toEqual({ kind: 'UNREACHABLE' });
  });
});

describe('Retry-After', () => {
  it('is seconds or a date', () => {
    expect(retryAfter('12')).toBe(12_000);
    expect(retryAfter('Mon, 10 Feb 2020 04:00:10 GMT', Date.parse('2020-02-10T04:00:00Z'))).toBe(10_000);
    expect(retryAfter(null)).toBeNull();
    expect(retryAfter('soon')).toBeNull();
  });
});
