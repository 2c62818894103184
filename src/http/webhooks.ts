// POST /webhooks/{source}: the door of the shops. It answers 200 once the delivery is on disk, and to bad input never 5xx.
import { Hono } from 'hono';
import { assertNever } from '../domain/result.ts';
import { type Reception, receive } from '../flow/1-receive.ts';
import type { Inbox } from '../flow/2-inbox.ts';
import type { Log } from '../log.ts';
import type { Registry } from '../registry.ts';
import type { Runtime } from '../runtime.ts';
import type { DeliveryOutcome, Metrics } from './metrics.ts';
import { notFoundResponse, problemResponse } from './problem.ts';
import { type Bindings, readRawRequest } from './raw-delivery.ts';

export type WebhookParts = {
  registry: Registry;
  inbox: Inbox;
  runtime: Runtime;
  log: Log;
  metrics: Metrics;
  /** Bytes. */
  bodyLimit: number;
};

/** How long a sender should wait when a delivery cannot be stored. */
const RETRY_AFTER_SECONDS = '30';

export function webhooks(parts: WebhookParts): Hono<{ Bindings: Bindings }> {
  const { registry, metrics, bodyLimit } = parts;
  const app = new Hono<{ Bindings: Bindings }>();
  app.post('/webhooks/:source', async (c) => {
    const source = registry.sources.get(c.req.param('source'));
    if (source === undefined) {
      metrics.delivery('', 'unknown_source');
      return notFoundResponse();
    }
    const request = await readRawRequest(c, bodyLimit);
    switch (request.kind) {
      case 'too_large':
        metrics.delivery(source.name, 'too_large');
        return problemResponse(
          413,
          { code: 'too_large', detail: `a delivery has at most ${bodyLimit} bytes` },
          // What is still on its way is not read to its end.
          { headers: { connection: 'close' } },
        );
      case 'aborted':
        metrics.delivery(source.name, 'aborted');
        return problemResponse(400, { code: 'incomplete', detail: 'the body broke off' });
      case 'delivery': {
        const reception = await receive(source, request.delivery, parts);
        metrics.delivery(source.name, outcomeOf(reception));
        return answerTo(reception);
      }
      default:
        return assertNever(request);
    }
  });
  return app;
}

const outcomeOf = (reception: Reception): DeliveryOutcome =>
  reception.kind === 'stored' && reception.duplicate ? 'duplicate' : reception.kind;

function answerTo(reception: Reception): Response {
  switch (reception.kind) {
    case 'stored':
      return json({ event_id: String(reception.eventId), duplicate: reception.duplicate });
    case 'ping':
      return json({ event_id: null, duplicate: false });
    case 'unauthorised':
      // One answer for every cause: it tells nothing about which part of a signature was wrong.
      return problemResponse(401, { code: 'bad_signature', detail: 'the signature is missing or wrong' });
    case 'wrong_content_type':
      return problemResponse(415, {
        code: 'wrong_content_type',
        detail: 'this source does not send that content type',
      });
    case 'cannot_store':
      return problemResponse(
        503,
        { code: 'cannot_store', detail: 'the delivery could not be stored: send it again later' },
        { headers: { 'retry-after': RETRY_AFTER_SECONDS } },
      );
    default:
      return assertNever(reception);
  }
}

const json = (body: unknown): Response =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
