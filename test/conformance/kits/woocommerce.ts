// WooCommerce for the source suite: how it signs, and what its sample deliveries come to.
import { woocommerce } from '../../../connectors/woocommerce/index.ts';
import { signWooCommerce } from '../../support/sign.ts';
import type { SourceKit } from '../source-suite.ts';

type Settings = Parameters<typeof woocommerce.verify>[1];

export const woocommerceKit: SourceKit<Settings> = {
  connector: woocommerce,
  sign: signWooCommerce,
  settings: (secret) => ({ secret }),
  signature: {
    header: 'x-wc-webhook-signature',
    encoding: 'base64',
    replace: (header, change) => change(header),
  },
  samples: [
    { file: 'company-two-rates.json', topic: 'order.updated', expected: { facts: 1 } },
    { file: 'guest-coupon.json', topic: 'order.created', expected: { facts: 1 } },
    { file: 'prices-include-tax.json', topic: 'order.updated', expected: { facts: 1 } },
    { file: 'prices-include-tax-ten-percent.json', topic: 'order.updated', expected: { facts: 1 } },
    { file: 'reverse-charge.json', topic: 'order.updated', expected: { facts: 1 } },
    { file: 'gift-card.json', topic: 'action.woocommerce_payment_complete', expected: { facts: 1 } },
    { file: 'fee-negative.json', topic: 'order.updated', expected: { facts: 1 } },
    { file: 'round-at-subtotal.json', topic: 'order.updated', expected: { facts: 1 } },
    { file: 'partially-refunded.json', topic: 'order.restored', expected: { facts: 1 } },
    { file: 'cash-on-delivery.json', topic: 'order.created', expected: { facts: 1 } },
    { file: 'pending-stripe.json', topic: 'order.created', expected: { facts: 1 } },
    { file: 'two-taxes-on-a-line.json', topic: 'order.updated', expected: { facts: 1, doubt: 'taxed_twice' } },
    { file: 'deposit-paid.json', topic: 'order.updated', expected: { facts: 1, doubt: 'deposit' } },
    { file: 'subscription-renewal.json', topic: 'order.created', expected: { facts: 1 } },
    { file: 'auto-draft.json', topic: 'order.created', expected: { facts: 1 } },
    { file: 'draft-unsaved.json', topic: 'order.created', expected: { ignored: 'draft' } },
    { file: 'order-deleted.json', topic: 'order.deleted', expected: { ignored: 'order_deleted' } },
    {
      file: 'payment-complete-action.json',
      topic: 'action.woocommerce_payment_complete',
      expected: { fetch: ['order:1042'] },
    },
    { file: 'fetched-refunds-by-lines.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'fetched-refunded-whole.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'fetched-restocking-fee.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'product-updated.json', topic: 'product.updated', expected: { ignored: 'topic_not_used' } },
    { file: 'wordpress-error.json', topic: 'order.updated', expected: { failed: 'not_an_order' } },
    { file: 'totals-disagree.json', topic: 'order.updated', expected: { facts: 1, doubt: 'totals_disagree' } },
  ],
  payloads: {
    topicOf: (file) => (/^(docs-)?order/.test(file) ? 'order.updated' : null),
    notAddingUp: [
      'order-aed-coupon-fee.json',
      'order-usd-auto-draft.json',
      'order-eur-prices-include-tax-no-tax.json',
      'order-usd-bundled-lines.json',
    ],
  },
};
