// How Stripe is asked. Its library words each request, in the API version that it was made for; the core's own client sends
// it, and its result is the truth: what was not sent, what got no answer, and the text of what was answered.
import type Stripe from 'stripe';
import type { HttpResult, ProviderRequest, SourceIo } from '../../src/connector.ts';
import { stripeLibrary } from './library.ts';

/** One request in the library's words: `(stripe) => stripe.refunds.list({ charge })`. */
export type Words = (stripe: Stripe) => Promise<unknown>;

/** Headers of the library's that Stripe needs. The key is the endpoint's; the rest describes this machine. */
const HEADERS = new Set(['stripe-version', 'content-type']);

/** Sends what the library words, once. The library itself sees an empty answer, whatever came back. */
export async function ask(io: SourceIo, words: Words): Promise<HttpResult> {
  const Library = stripeLibrary();
  let result: HttpResult | undefined;
  const send: typeof fetch = async (url, init) => {
    result = await io.http(requestOf(new URL(String(url)), init));
    return new Response('{}');
  };
  const client = new Library(PLACEHOLDER_KEY, {
    httpClient: Library.createFetchHttpClient(send),
    maxNetworkRetries: 0,
    telemetry: false,
  });
  await words(client);
  if (result === undefined) throw new Error('Stripe’s library sent no request');
  return result;
}

/** The library insists on a key; the endpoint's own is what is sent. */
const PLACEHOLDER_KEY = 'sk_of_the_endpoint';

function requestOf(url: URL, init: RequestInit | undefined): ProviderRequest {
  const headers = [...new Headers(init?.headers)].filter(([name]) => HEADERS.has(name));
  const body = typeof init?.body === 'string' && init.body !== '' ? init.body : null;
  return {
    method: init?.method === 'POST' ? 'POST' : 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(headers),
    ...(body === null ? {} : { body }),
  };
}
