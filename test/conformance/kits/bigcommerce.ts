// BigCommerce for the source suite: how it signs, and what its hooks and whole orders come to.
import { createHash } from 'node:crypto';
import { bigcommerce } from '../../../connectors/bigcommerce/index.ts';
import { hookHeaders } from '../../simulators/bigcommerce-hooks.ts';
import type { SourceKit } from '../source-suite.ts';

type Settings = Parameters<typeof bigcommerce.verify>[1];

const TOLD = { fetch: ['order:250'] };

export const bigcommerceKit: SourceKit<Settings> = {
  connector: bigcommerce,
  sign: ({ body, secret, now }) => {
    const id = `msg_${createHash('md5').update(body).digest('hex')}`;
    return hookHeaders(body, id, now, { clientSecret: secret, header: null });
  },
  settings: (secret) => ({ secret, api: { store_hash: 'abc123', access_token: 'access-token' } }),
  signature: {
    header: 'webhook-signature',
    encoding: 'base64',
    replace: (header, change) => `v1,${change(header.slice('v1,'.length))}`,
  },
  samples: [
    { file: 'hook-order-created.json', topic: 'store/order/created', expected: TOLD },
    { file: 'hook-order-updated.json', topic: 'store/order/updated', expected: TOLD },
    { file: 'hook-status-updated.json', topic: 'store/order/statusUpdated', expected: TOLD },
    { file: 'hook-archived.json', topic: 'store/order/archived', expected: TOLD },
    { file: 'hook-refund-created.json', topic: 'store/order/refund/created', expected: TOLD },
    { file: 'hook-transaction-created.json', topic: 'store/order/transaction/created', expected: TOLD },
    { file: 'hook-of-a-channel.json', topic: 'store/channel/2/order/updated', expected: TOLD },
    { file: 'hook-without-order.json', topic: 'store/order/created', expected: { failed: 'not_an_event' } },
    {
      file: 'hook-metafield-created.json',
      topic: 'store/order/metafield/created',
      expected: { ignored: 'topic_not_used' },
    },
    { file: 'hook-product-updated.json', topic: 'store/product/updated', expected: { ignored: 'topic_not_used' } },
    { file: 'order-company.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'order-prices-without-tax.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'order-gift-certificate.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'order-bank-deposit.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'order-refunded-in-part.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'order-shown-in-dollars.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'order-tax-override.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'order-two-taxes.json', topic: 'fetched.order', expected: { facts: 1, doubt: 'taxed_twice' } },
    { file: 'order-marketplace.json', topic: 'fetched.order', expected: { facts: 1, doubt: 'marketplace_liable' } },
    { file: 'order-migrated.json', topic: 'fetched.order', expected: { facts: 1, doubt: 'migrated' } },
    { file: 'order-totals-disagree.json', topic: 'fetched.order', expected: { facts: 1, doubt: 'totals_disagree' } },
    { file: 'order-incomplete.json', topic: 'fetched.order', expected: { ignored: 'draft' } },
    { file: 'order-unknown-status.json', topic: 'fetched.order', expected: { failed: 'unknown_status' } },
    { file: 'order-without-products.json', topic: 'fetched.order', expected: { failed: 'order_without_lines' } },
  ],
  payloads: {
    topicOf: (file) => (/^store_order_\w+\.json$/.test(file) ? file.replace('.json', '').replaceAll('_', '/') : null),
    notAddingUp: [],
  },
};
