// PrestaShop for the source suite: how modules sign their hints, and what hints and fetched orders come to.
import { prestashop } from '../../../connectors/prestashop/index.ts';
import { signPrestaShop } from '../../support/sign.ts';
import type { SourceKit } from '../source-suite.ts';

type Settings = Parameters<typeof prestashop.verify>[1];

export const prestashopKit: SourceKit<Settings> = {
  connector: prestashop,
  sign: signPrestaShop,
  settings: (secret) => ({ secret, api: { url: 'https://shop.example', key: 'KEYOFTHEWEBSERVICEINTHETESTS0001' } }),
  secretIsOptional: true,
  signature: {
    header: 'x-prestashop-signature',
    encoding: 'hex',
    replace: (header, change) => change(header),
  },
  samples: [
    { file: 'hint-order-paid.json', topic: 'hint', expected: { fetch: ['order:727'] } },
    { file: 'hint-nested-order.json', topic: 'hint', expected: { fetch: ['order:728'] } },
    { file: 'hint-eventbus-export.json', topic: 'hint', expected: { fetch: ['order:41', 'order:42'] } },
    { file: 'hint-without-order.json', topic: 'hint', expected: { failed: 'not_an_order' } },
    { file: 'company-two-rates.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'guest-voucher.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'partially-refunded.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'split-second.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'cash-on-delivery.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'own-invoice.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'cancelled.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'least-rights.json', topic: 'fetched.order', expected: { facts: 1 } },
    { file: 'being-placed.json', topic: 'fetched.order', expected: { ignored: 'draft' } },
    { file: 'totals-disagree.json', topic: 'fetched.order', expected: { facts: 1, doubt: 'totals_disagree' } },
  ],
  payloads: {
    // Exports of ps_eventbus are at most hints; rows of the webservice are put together in prestashop-payloads.test.ts.
    topicOf: (file) => (file.startsWith('eventbus-') ? 'hint' : null),
    notAddingUp: [],
  },
};
