// What an API key gives access to, proved by cheap reads.
import { z } from 'zod';
import type { AccountInfo, SourceIo } from '../../src/connector.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { askForPage, FORBIDDEN, type Row, rejection } from './answers.ts';
import { ask, type Words } from './requests.ts';
import { isLiveKey, type Settings } from './settings.ts';

const AccountSchema = z.object({
  id: z.string(),
  business_profile: z.object({ name: z.string().nullish() }).nullish(),
  settings: z.object({ dashboard: z.object({ display_name: z.string().nullish() }).nullish() }).nullish(),
});

const ONE = { limit: 1 };

/** What is read, in a merchant's words. */
const READS: readonly (readonly [string, Words])[] = [
  ['read events', (stripe) => stripe.events.list(ONE)],
  ['read payments', (stripe) => stripe.paymentIntents.list(ONE)],
  ['read Checkout Sessions', (stripe) => stripe.checkout.sessions.list(ONE)],
  ['read charges and refunds', (stripe) => stripe.refunds.list(ONE)],
  ['read disputes', (stripe) => stripe.disputes.list(ONE)],
  ['read invoices', (stripe) => stripe.invoicePayments.list(ONE)],
];

/** The account's name, and what its key may read. A key that Stripe does not know is refused; one that lacks a right is told so. */
export async function checkAccess(settings: Settings, io: SourceIo): Promise<Outcome<AccountInfo>> {
  const account = readOutcome(await ask(io, (stripe) => stripe.accounts.retrieveCurrent()), {
    value: (json) => AccountSchema.safeParse(json).data ?? null,
    rejection,
  });
  const can: string[] = [];
  const cannot: string[] = [];
  for (const [what, words] of READS) {
    const read = readOutcome<true>(await ask(io, words), { value: () => true, rejection });
    if (read.kind === 'done') can.push(what);
    else if (read.problem.code === FORBIDDEN) cannot.push(`${what}: ${read.problem.detail}`);
    else return read;
  }
  // A restricted key need not show the account's name.
  const name = account.kind === 'done' ? nameOf(account.value) : 'a Stripe account whose name this key may not read';
  return {
    kind: 'done',
    value: {
      name,
      can,
      cannot,
      limits: ['events are kept for 30 days'],
      warnings: [...keyWarnings(settings), ...(await endpointWarnings(io))],
    },
  };
}

const nameOf = ({ id, business_profile, settings }: z.infer<typeof AccountSchema>): string =>
  `${settings?.dashboard?.display_name || business_profile?.name || 'a Stripe account'} (${id})`;

function keyWarnings({ api_key = '', mode }: Settings): string[] {
  const keyMode = isLiveKey(api_key) ? 'live' : 'test';
  return [
    ...(api_key.startsWith('sk_')
      ? ['api_key is a full secret key: a restricted one that may only read is enough']
      : []),
    ...(mode === 'any' || mode === keyMode
      ? []
      : [`api_key is a ${keyMode} key, and mode is ${mode}: what it reads is ignored`]),
  ];
}

const EndpointSchema = z.object({ url: z.string(), status: z.string() });

/** Webhook endpoints that Stripe has switched off, where the key may see them. */
async function endpointWarnings(io: SourceIo): Promise<string[]> {
  const endpoints = await askForPage(io, (stripe) => stripe.webhookEndpoints.list({ limit: 100 }));
  if (endpoints.kind === 'failed') return [];
  return endpoints.items.flatMap(({ rows }) => rows.flatMap(disabledEndpoint));
}

function disabledEndpoint({ json }: Row): string[] {
  const endpoint = EndpointSchema.safeParse(json).data;
  return endpoint?.status === 'disabled'
    ? [`Stripe has disabled the webhook to ${endpoint.url}: switch it on again`]
    : [];
}
