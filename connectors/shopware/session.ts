// Requests to the Admin API in the name of an integration. Its access token lives for some minutes (OAuth 2.0, client
// credentials), is asked for when it is needed and kept in memory.
import { z } from 'zod';
import type { HttpResult, ProviderRequest, SourceIo } from '../../src/connector.ts';
import { parseJson } from '../../src/domain/json.ts';

export type Integration = { clientId: string; clientSecret: string };

/** Sends a request with a token that is alive; where none is to be had, the answer to asking for one is returned. */
export type Session = (request: ProviderRequest, io: SourceIo) => Promise<HttpResult>;

/** A token is not used in the last seconds of its life: it must outlive the request. */
const MARGIN_MS = 60_000;

const TokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.string().regex(/^\d{1,9}$/) });

/** A session without a token yet. A token that is refused before its time is asked for once more. */
export function openSession({ clientId, clientSecret }: Integration): Session {
  let token: { text: string; until: number } | null = null;

  /** Null where there is a token now. */
  const renew = async (io: SourceIo): Promise<HttpResult | null> => {
    token = null;
    const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const askedAt = io.now().getTime();
    const answer = await io.http({ method: 'POST', path: '/api/oauth/token', body: JSON.stringify(body) });
    const parsed = answer.kind === 'answer' && answer.status === 200 ? parseJson(answer.body) : null;
    const read = parsed?.ok ? TokenSchema.safeParse(parsed.value).data : undefined;
    if (read === undefined) return answer;
    token = { text: read.access_token, until: askedAt + Number(read.expires_in) * 1000 - MARGIN_MS };
    return null;
  };

  const send: Session = async (request, io) => {
    if (token === null || io.now().getTime() >= token.until) {
      const refusal = await renew(io);
      if (refusal !== null) return refusal;
    }
    const headers = { ...request.headers, authorization: `Bearer ${token?.text ?? ''}` };
    return io.http({ ...request, headers });
  };

  return async (request, io) => {
    const answer = await send(request, io);
    if (answer.kind !== 'answer' || answer.status !== 401 || token === null) return answer;
    token = null;
    return send(request, io);
  };
}
