// A provider on a loopback port that can fail at every point. A fault says two things apart from each other: whether the
// provider acts on the request, and what its caller gets to see. Each provider's own simulator brings the acting.
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Exchange = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
};

export type Answer = { status: number; headers?: Readonly<Record<string, string>>; body: string | Uint8Array };

export type Fault = {
  /** `later` is a late commit: it happens when the test calls `release()`. */
  acts: 'never' | 'at_once' | 'later';
  /**
   * `reset`: the connection breaks. `silence`: no byte ever comes. `half`: the true answer breaks off in its middle.
   * `drip`: the true answer comes too slowly to ever be whole. An answer: that one instead of the true one.
   */
  sees: 'reset' | 'silence' | 'half' | 'drip' | Answer;
};

/** `url` is the request target as it stood on the wire: path and query. */
export type Recorded = { method: string; url: string; headers: http.IncomingHttpHeaders; body: string };

export type HttpSimulator = {
  url: string;
  /** Every request that arrived, oldest first. */
  requests(): readonly Recorded[];
  /** The next request that matches meets the fault; faults are used up in the order they were given. */
  failNext(fault: Fault, matches?: (exchange: Exchange) => boolean): void;
  /** Lets every late commit happen. */
  release(): void;
  /** Stops listening: connections are refused until `accept()`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  close(): Promise<void>;
};

const DRIP_MS = 50;
/** Every answer is dated so. */
export const DATE = 'Sat, 21 Nov 2026 10:00:00 GMT';

/** Starts a server on an ephemeral loopback port. `act` is called once for each request that the provider acts upon. */
export async function startHttpSimulator(act: (exchange: Exchange) => Answer): Promise<HttpSimulator> {
  const recorded: Recorded[] = [];
  const faults: { fault: Fault; matches: (exchange: Exchange) => boolean }[] = [];
  let late: Exchange[] = [];

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const exchange = exchangeOf(request, Buffer.concat(chunks));
      const { method, headers } = exchange;
      recorded.push({ method, url: request.url ?? '', headers, body: exchange.body.toString() });
      const index = faults.findIndex(({ matches }) => matches(exchange));
      const [met] = index === -1 ? [] : faults.splice(index, 1);
      if (met === undefined) {
        write(response.socket, act(exchange));
        return;
      }
      const truth = met.fault.acts === 'at_once' ? act(exchange) : { status: 200, body: '{}' };
      if (met.fault.acts === 'later') late.push(exchange);
      show(response.socket, met.fault.sees, truth);
    });
  });

  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => recorded,
    failNext: (fault, matches = () => true) => {
      faults.push({ fault, matches });
    },
    release: () => {
      const due = late;
      late = [];
      for (const exchange of due) act(exchange);
    },
    refuse: stop,
    accept: () => listen(port),
    close: stop,
  };
}

function exchangeOf(request: http.IncomingMessage, body: Buffer): Exchange {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const { method = 'GET', headers } = request;
  return { method, path: url.pathname, query: url.searchParams, headers, body };
}

function show(socket: Socket | null, sees: Fault['sees'], truth: Answer): void {
  if (sees === 'silence') return;
  if (sees === 'reset') socket?.resetAndDestroy();
  else if (sees === 'half') {
    const bytes = onTheWire(truth);
    socket?.write(bytes.subarray(0, bytes.length - Math.ceil(bodyLength(truth) / 2)), () => socket.destroy());
  } else if (sees === 'drip') drip(socket, truth);
  else write(socket, sees);
}

function drip(socket: Socket | null, truth: Answer): void {
  const bytes = onTheWire({ ...truth, headers: { ...truth.headers, 'content-length': '1000000' } });
  socket?.write(bytes.subarray(0, bytes.length - bodyLength(truth)));
  const timer = setInterval(() => socket?.write(' '), DRIP_MS);
  socket?.on('close', () => clearInterval(timer));
}

const bodyLength = (answer: Answer): number => Buffer.from(answer.body).length;

const write = (socket: Socket | null, answer: Answer): void => {
  socket?.end(onTheWire(answer));
};

/** Written by hand, because Node's server would not send every status or a false length. */
function onTheWire(answer: Answer): Buffer {
  const body = Buffer.from(answer.body);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(body.length),
    date: DATE,
    connection: 'close',
    ...answer.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${answer.status} Simulated\r\n${lines.join('')}\r\n`), body]);
}
