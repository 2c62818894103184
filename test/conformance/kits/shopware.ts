// Shopware for the source suite: how it signs, which orders its sample events ask for, and what its orders come to.
import { shopware } from '../../../connectors/shopware/index.ts';
import { signShopware } from '../../simulators/shopware-deliveries.ts';
import type { SourceKit } from '../source-suite.ts';

type Settings = Parameters<typeof shopware.verify>[1];

const FETCHED_ORDER = 'fetched.order';
const asksFor = (...ids: string[]) => ({ fetch: ids.map((id) => `order:${id}`) });
const GROSS = '60642867ec82362d05dbd9189f9ea979';

export const shopwareKit: SourceKit<Settings> = {
  connector: shopware,
  sign: signShopware,
  secretIsOptional: true,
  settings: (secret) => ({
    secret,
    api: { url: 'https://shop.example', client_id: 'SWIAEXAMPLE', client_secret: 'integration-secret' },
  }),
  signature: {
    header: 'shopware-shop-signature',
    encoding: 'hex',
    replace: (header, change) => change(header),
  },
  samples: [
    { file: 'event-placed.json', topic: 'checkout.order.placed', expected: asksFor(GROSS) },
    { file: 'event-paid.json', topic: 'state_enter.order_transaction.state.paid', expected: asksFor(GROSS) },
    {
      file: 'event-refund-completed.json',
      topic: 'state_enter.order_transaction_capture_refund.state.completed',
      expected: asksFor('893ca8b8ad569930eb8766bbec955da2'),
    },
    {
      file: 'event-cancelled.json',
      topic: 'state_enter.order.state.cancelled',
      expected: asksFor('39145c17208910c630f307674c4f13d8'),
    },
    { file: 'event-written.json', topic: 'order.written', expected: asksFor(GROSS) },
    {
      file: 'event-written-several.json',
      topic: 'order.written',
      expected: asksFor(GROSS, 'e681ec990ca289333843fb2425c85d6c'),
    },
    { file: 'event-written-draft.json', topic: 'order.written', expected: { ignored: 'draft' } },
    { file: 'event-without-order.json', topic: 'checkout.order.placed', expected: { failed: 'not_an_order' } },
    { file: 'event-deleted.json', topic: 'order.deleted', expected: { ignored: 'order_deleted' } },
    {
      file: 'event-delivery-shipped.json',
      topic: 'state_enter.order_delivery.state.shipped',
      expected: { ignored: 'topic_not_used' },
    },
    { file: 'event-product.json', topic: 'product.written', expected: { ignored: 'topic_not_used' } },
    { file: 'gross-two-rates.json', topic: FETCHED_ORDER, expected: { facts: 1 } },
    { file: 'net-company.json', topic: FETCHED_ORDER, expected: { facts: 1 } },
    { file: 'tax-free.json', topic: FETCHED_ORDER, expected: { facts: 1 } },
    { file: 'container.json', topic: FETCHED_ORDER, expected: { facts: 1 } },
    { file: 'cash-rounding.json', topic: FETCHED_ORDER, expected: { facts: 1 } },
    { file: 'cancelled.json', topic: FETCHED_ORDER, expected: { facts: 1 } },
    { file: 'own-invoice.json', topic: FETCHED_ORDER, expected: { facts: 1 } },
    { file: 'paid-partly.json', topic: FETCHED_ORDER, expected: { facts: 1 } },
    { file: 'refunded-positions.json', topic: FETCHED_ORDER, expected: { facts: 1 } },
    { file: 'refunded-state-only.json', topic: FETCHED_ORDER, expected: { facts: 1 } },
    {
      file: 'refunded-partly-unknown.json',
      topic: FETCHED_ORDER,
      expected: { facts: 1, doubt: 'refund_amount_unknown' },
    },
    { file: 'chargeback.json', topic: FETCHED_ORDER, expected: { facts: 1, doubt: 'chargeback' } },
    { file: 'two-taxes.json', topic: FETCHED_ORDER, expected: { facts: 1, doubt: 'taxed_twice' } },
    { file: 'totals-disagree.json', topic: FETCHED_ORDER, expected: { facts: 1, doubt: 'totals_disagree' } },
    { file: 'no-lines.json', topic: FETCHED_ORDER, expected: { failed: 'order_without_lines' } },
  ],
  payloads: null,
};
