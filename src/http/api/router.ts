// /admin/api: JSON behind the bearer token. The token is checked before anything else is looked at.
import { Hono } from 'hono';
import { parseJson } from '../../domain/json.ts';
import { problem } from '../../domain/problem.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { OperationParts } from '../../operations/parts.ts';
import { pdfResponse } from '../pdf.ts';
import { notFoundResponse, problemResponse, refusalResponse } from '../problem.ts';
import { type Bindings, type RequestContext, readRawRequest } from '../raw-delivery.ts';
import { bearerOf } from '../token.ts';
import { controlRoutes } from './control.ts';
import { eventRoutes } from './events.ts';
import { jobRoutes } from './jobs.ts';
import { openApi } from './openapi.ts';
import { orderRoutes } from './orders.ts';
import { reconciliationRoutes } from './reconciliations.ts';
import { replayRoutes } from './replays.ts';
import type { BadInput, Reply, Route } from './route.ts';

const BASE = '/admin/api';
const MAX_BODY_BYTES = 64 * 1024;

/** Every call of the admin API but the one that describes the others. */
export const ROUTES: readonly Route[] = [
  ...eventRoutes,
  ...replayRoutes,
  ...orderRoutes,
  ...jobRoutes,
  ...reconciliationRoutes,
  ...controlRoutes,
];

const PRIVATE = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export function adminApi(parts: OperationParts, isToken: (given: string) => boolean): Hono<{ Bindings: Bindings }> {
  const app = new Hono<{ Bindings: Bindings }>();
  app.use(`${BASE}/*`, async (c, next) => {
    const given = bearerOf(c.req.header('authorization'));
    if (given !== null && isToken(given)) return next();
    return problemResponse(401, problem('token_needed', 'send the admin token as Authorization: Bearer TOKEN'), {
      headers: { 'www-authenticate': 'Bearer' },
    });
  });
  const description = JSON.stringify(openApi(ROUTES, BASE));
  app.get(`${BASE}/openapi.json`, () => json(200, description));
  for (const route of ROUTES) {
    app.on(route.method.toUpperCase(), BASE + route.path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      const body = route.method === 'post' ? await readBody(c) : ok({});
      if (!body.ok) return body.error;
      const result = await route.run(parts, { params: c.req.param(), query: c.req.query(), body: body.value });
      if ('bad' in result) return badRequest(result.bad);
      return result.answered.ok ? replyResponse(result.answered.value) : refusalResponse(result.answered.error);
    });
  }
  app.all(`${BASE}/*`, notFoundResponse);
  return app;
}

/** The JSON of a request's body; an empty body is an empty object. */
async function readBody(c: RequestContext): Promise<Result<unknown, Response>> {
  const request = await readRawRequest(c, MAX_BODY_BYTES);
  if (request.kind !== 'delivery') {
    return err(problemResponse(413, problem('too_large', `a body has at most ${MAX_BODY_BYTES} bytes`)));
  }
  const { body, headers } = request.delivery;
  if (body.byteLength === 0) return ok({});
  if (!/^application\/json(\s*;|\s*$)/i.test(headers['content-type'] ?? '')) {
    return err(problemResponse(415, problem('wrong_content_type', 'send JSON, with Content-Type: application/json')));
  }
  const parsed = parseJson(body);
  return parsed.ok ? parsed : err(problemResponse(400, parsed.error));
}

function badRequest({ part, issues }: BadInput): Response {
  // What stands in the path names nothing that could exist.
  if (part === 'params') return notFoundResponse();
  const [first] = issues;
  const told = problem(`invalid_${part}`, first?.detail ?? 'not as described', first?.at);
  return problemResponse(400, told, { extra: { errors: issues } });
}

function replyResponse(reply: Reply): Response {
  return 'pdf' in reply ? pdfResponse(reply.pdf, reply.name) : json(reply.status, JSON.stringify(reply.body));
}

const json = (status: number, body: string): Response =>
  new Response(body, { status, headers: { 'content-type': 'application/json', ...PRIVATE } });
