/** A real server on loopback that the program's own fetch reaches, as a browser resolves paths against its page. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface Loopback {
  answer: RequestListener;
  close: () => Promise<void>;
}

export async function openLoopback(): Promise<Loopback> {
  const plainFetch = globalThis.fetch;
  const loopback: Loopback = { answer: (_request, response) => void response.writeHead(404).end(), close: async () => undefined };
  const server = createServer((request, response) => loopback.answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  globalThis.fetch = (path, init) => plainFetch(`http://127.0.0.1:${port}${String(path)}`, init);
  loopback.close = async () => {
    globalThis.fetch = plainFetch;
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return loopback;
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}
