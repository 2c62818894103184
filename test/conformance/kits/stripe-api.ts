// Stripe's API for the suite of source APIs. Its things are payments; what changes about one is the money that went back.
import { stripe } from '../../../connectors/stripe/index.ts';
import { startStripe } from '../../simulators/stripe.ts';
import type { Intent } from '../../simulators/stripe-records.ts';
import { signStripe } from '../../support/sign.ts';
import type { SourceApiKit } from '../source-api-kit.ts';

type Settings = Parameters<typeof stripe.verify>[1];

const SECRET = 'whsec_of_this_suite';

export const stripeApiKit: SourceApiKit<Settings> = {
  connector: stripe,
  page: 100,
  latestPageFirst: true,
  open: async (now) => {
    const account = await startStripe({ now, endpoints: [{ secret: SECRET, version: 'new' }] });
    const { books } = account;
    const intent = (id: string): Intent => {
      const known = books.intents.find((one) => one.id === id);
      if (known === undefined) throw new Error(`no payment ${id}`);
      return known;
    };
    return {
      http: account,
      settings: (sentinel = account.key) => ({ secret: SECRET, api_key: sentinel, api_base: account.url }),
      secrets: [SECRET, account.key],
      place: () => books.pay({ amount: 12_000, metadata: { order_id: 'WEB-1' } }).id,
      change: (id) => {
        books.refund(intent(id), 1);
      },
      refund: {
        line: null,
        amount: (id) => {
          books.refund(intent(id), 500);
          return 500n;
        },
      },
      remove: (id) => account.forget(id),
      ref: (id) => `sale:${id}`,
      deliveries: account.deliveries,
      pretend: (topic, finding) => {
        const body = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(finding).toString()), type: topic }));
        return { headers: signStripe({ body, topic, secret: SECRET, now: now() }), body };
      },
      notes: (id) =>
        Object.entries(intent(id).metadata).flatMap(([name, value]) => (name.startsWith('bridge_') ? [value] : [])),
    };
  },
  asWebhook: null,
  busy: {
    status: 429,
    headers: { 'retry-after': '7' },
    body: '{"error":{"type":"invalid_request_error","code":"rate_limit","message":"Too many requests"}}',
  },
  isWrite: ({ method }) => method !== 'GET',
};
