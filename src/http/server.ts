// The listening socket: strict about time and size, so that a slow or silent peer holds nothing for long.
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Bindings } from './raw-delivery.ts';

const SETTINGS = {
  headersTimeout: 10_000,
  /** Headers and body together: a sender that is slower than this has given up itself. */
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  /** Longer than the minute after which balancers drop an idle connection, so that it is they who end it. */
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
};
const MAX_REQUESTS_PER_SOCKET = 10_000;
const MAX_CONNECTIONS = 2_000;

export type Listening = {
  /** The address that is really listened on, such as `http://127.0.0.1:8080`. */
  url: string;
  /** Takes no new connection, lets requests in hand finish for at most `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
};

/** Listens; rejects with the system's reason when it cannot. Port 0 takes any free one. */
export function listen(app: Hono<{ Bindings: Bindings }>, at: { host: string; port: number }): Promise<Listening> {
  // The process keeps its own Request and Response, for everyone else in it.
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    serverOptions: SETTINGS,
  }) as Server;
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_SOCKET;
  server.maxConnections = MAX_CONNECTIONS;
  const close = closer(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      resolve({ url: urlOf(server.address(), at), close });
    });
  });
}

function urlOf(address: string | AddressInfo | null, at: { host: string; port: number }): string {
  const port = address !== null && typeof address === 'object' ? address.port : at.port;
  return `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${port}`;
}

/** Ends the server: what is asked already is answered, with the word that its connection is not kept. */
function closer(server: Server): (graceMs: number) => Promise<void> {
  const unanswered = new Set<ServerResponse>();
  server.on('request', (_request, response: ServerResponse) => {
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
  });
  return (graceMs) =>
    new Promise((resolve) => {
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      for (const response of unanswered) if (!response.headersSent) response.setHeader('connection', 'close');
      server.closeIdleConnections();
    });
}
