// The one way out to a provider. It answers a single question beyond HTTP itself: can the request have been acted upon?
import http from 'node:http';
import https from 'node:https';
import type { HttpResult, ProviderRequest } from './connector.ts';
import { problem } from './domain/problem.ts';

/** Largest answer that is read; a provider's PDF of one document stays far below. */
const MAX_ANSWER_BYTES = 20 * 1024 * 1024;

export type Endpoint = { baseUrl: string; headers: Readonly<Record<string, string>> };

/**
 * Sends one request and reads the whole answer before `timeoutMs` is over (connecting, headers and body together).
 * Never follows a redirect, never retries, obeys no proxy variable. `not_sent` is returned only when no connection came
 * about, so that no byte can have arrived; everything else that is not a whole answer is `no_answer`.
 */
export function callProvider(endpoint: Endpoint, request: ProviderRequest, timeoutMs: number): Promise<HttpResult> {
  const base = endpoint.baseUrl.replace(/\/+$/, '');
  const url = new URL(`${base}${request.path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.append(name, value);
  const what = `${request.method} ${url.host}${url.pathname}`;
  const { request: open } = url.protocol === 'https:' ? https : http;

  return new Promise((resolve) => {
    let connected = false;
    const fail = (detail: string): void =>
      resolve(
        connected
          ? {
              kind: 'no_answer',
              problem: problem('no_answer', `${what}: ${detail}; the request may have been acted upon`),
            }
          : { kind: 'not_sent', problem: problem('unreachable', `${what}: ${detail}; nothing was sent`) },
      );
    const outgoing = open(url, {
      method: request.method,
      // A fresh connection for every request: a kept one may be closed by the other side just as we write to it.
      agent: false,
      headers: {
        accept: 'application/json',
        connection: 'close',
        ...endpoint.headers,
        ...(request.body === undefined
          ? {}
          : { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(request.body) }),
        ...request.headers,
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    outgoing.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => fail(describe(error, timeoutMs)));
    outgoing.on('response', (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_ANSWER_BYTES) {
          outgoing.destroy();
          fail(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
        } else chunks.push(chunk);
      });
      answer.on('error', (error: NodeJS.ErrnoException) => fail(describe(error, timeoutMs)));
      answer.on('close', () => {
        if (!answer.complete) fail('the answer broke off');
      });
      answer.on('end', () => {
        if (!answer.complete) return;
        const headers: Record<string, string> = {};
        for (const [name, value] of Object.entries(answer.headers)) {
          headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
        }
        resolve({ kind: 'answer', status: answer.statusCode ?? 0, headers, body: Buffer.concat(chunks) });
      });
    });
    outgoing.end(request.body);
  });
}

function describe(error: NodeJS.ErrnoException, timeoutMs: number): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `no complete answer within ${timeoutMs} ms`;
  return error.code ? `${error.code}` : error.name;
}
