// Shopify for the source suite: how it signs, and what its sample deliveries come to.
import { shopify } from '../../../connectors/shopify/index.ts';
import { signShopify } from '../../support/sign.ts';
import type { SourceKit } from '../source-suite.ts';

type Settings = Parameters<typeof shopify.verify>[1];

export const shopifyKit: SourceKit<Settings> = {
  connector: shopify,
  sign: signShopify,
  settings: (secret) => ({ secret }),
  signature: {
    header: 'x-shopify-hmac-sha256',
    encoding: 'base64',
    replace: (header, change) => change(header),
  },
  samples: [
    { file: 'order-discount.json', topic: 'orders/paid', expected: { facts: 1 } },
    { file: 'mixed-rates.json', topic: 'orders/create', expected: { facts: 1 } },
    { file: 'foreign-currency.json', topic: 'orders/paid', expected: { facts: 1 } },
    { file: 'tax-included-mixed-rates.json', topic: 'orders/paid', expected: { facts: 1 } },
    { file: 'yen.json', topic: 'orders/updated', expected: { facts: 1 } },
    { file: 'partially-refunded.json', topic: 'orders/updated', expected: { facts: 1 } },
    { file: 'edited.json', topic: 'orders/updated', expected: { facts: 1 } },
    { file: 'edited-then-repaid.json', topic: 'orders/updated', expected: { facts: 1 } },
    { file: 'edited-unclear.json', topic: 'orders/updated', expected: { facts: 1, doubt: 'edit_unclear' } },
    { file: 'cancelled-money-kept.json', topic: 'orders/cancelled', expected: { facts: 1 } },
    { file: 'authorized.json', topic: 'orders/create', expected: { facts: 1 } },
    { file: 'test-notification.json', topic: 'orders/create', expected: { facts: 1 } },
    { file: 'company.json', topic: 'orders/paid', expected: { facts: 1 } },
    { file: 'two-taxes-on-a-line.json', topic: 'orders/paid', expected: { facts: 1, doubt: 'taxed_twice' } },
    { file: 'marketplace.json', topic: 'orders/paid', expected: { facts: 1, doubt: 'marketplace_liable' } },
    { file: 'duties.json', topic: 'orders/paid', expected: { facts: 1, doubt: 'duties_not_supported' } },
    { file: 'counter-sale.json', topic: 'orders/fulfilled', expected: { facts: 1 } },
    { file: 'shipping-discount.json', topic: 'orders/partially_fulfilled', expected: { facts: 1 } },
    { file: 'old-version.json', topic: 'orders/paid', expected: { facts: 1 } },
    { file: 'refunded-by-line.json', topic: 'orders/updated', expected: { facts: 1 } },
    { file: 'refunded-less-a-fee.json', topic: 'orders/updated', expected: { facts: 1 } },
    { file: 'refunded-amount-only.json', topic: 'orders/updated', expected: { facts: 1 } },
    { file: 'instalments.json', topic: 'orders/create', expected: { facts: 1, doubt: 'deposit' } },
    { file: 'fetched-order.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'refund-created.json', topic: 'refunds/create', expected: { fetch: ['order:5501006'] } },
    { file: 'order-edit.json', topic: 'orders/edited', expected: { fetch: ['order:5501007'] } },
    { file: 'transaction-created.json', topic: 'order_transactions/create', expected: { fetch: ['order:5502004'] } },
    { file: 'dispute.json', topic: 'disputes/create', expected: { ignored: 'dispute_not_followed' } },
    { file: 'order-deleted.json', topic: 'orders/delete', expected: { ignored: 'order_deleted' } },
    { file: 'customer-redact.json', topic: 'customers/redact', expected: { ignored: 'privacy_request' } },
    { file: 'product-updated.json', topic: 'products/update', expected: { ignored: 'topic_not_used' } },
    { file: 'no-lines.json', topic: 'orders/create', expected: { failed: 'order_without_lines' } },
    { file: 'unknown-status.json', topic: 'orders/updated', expected: { failed: 'unknown_status' } },
    { file: 'totals-disagree.json', topic: 'orders/paid', expected: { facts: 1, doubt: 'totals_disagree' } },
    { file: 'foreign-amount-missing.json', topic: 'orders/paid', expected: { failed: 'amount_in_other_currency' } },
  ],
  payloads: {
    topicOf: (file) => {
      if (file.startsWith('refund-')) return 'refunds/create';
      return file.startsWith('order-') ? 'orders/updated' : null;
    },
    notAddingUp: ['order-2008-legacy.json'],
  },
};
