// A closed loop of signed POSTs over kept connections, each waiting for its answer: as light as a socket allows.
import { createHmac, randomBytes } from 'node:crypto';
import net from 'node:net';

export type Load = {
  port: number;
  secret: string;
  connections: number;
  bodyBytes: number;
  warmUpMs: number;
  measureMs: number;
};
export type Measured = { perSecond: number; p50: number; p99: number; failures: number };

export async function load({ port, secret, connections, bodyBytes, warmUpMs, measureMs }: Load): Promise<Measured> {
  const padding = 'x'.repeat(Math.max(0, bodyBytes - 60));
  let counter = 0;
  const next = (): Buffer => {
    const body = `{"id":${++counter},"nonce":"${randomBytes(12).toString('hex')}","padding":"${padding}"}`;
    const signature = createHmac('sha256', secret).update(body).digest('base64');
    return Buffer.from(
      `POST / HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\nx-signature: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  };
  const latencies: number[] = [];
  let failures = 0;
  const begins = performance.now() + warmUpMs;
  const ends = begins + measureMs;
  const loop = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = net.connect(port, '127.0.0.1');
      let sent = 0;
      const send = (): void => {
        sent = performance.now();
        socket.write(next());
      };
      socket.on('connect', send);
      socket.on('data', (chunk) => {
        const now = performance.now();
        if (sent >= begins && now < ends) {
          latencies.push(now - sent);
          if (!chunk.toString('latin1', 9, 12).startsWith('200')) failures++;
        }
        if (now < ends) send();
        else socket.end();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve());
    });
  await Promise.all(Array.from({ length: connections }, loop));
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { perSecond: latencies.length / (measureMs / 1000), p50: at(0.5), p99: at(0.99), failures };
}
