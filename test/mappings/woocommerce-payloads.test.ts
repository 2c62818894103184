// Refunds of real WooCommerce shops, put together with their orders as they are when fetched. They are kept outside the
// project for their licences: PAYLOADS_DIR names a folder with one folder per source type.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { understandWooCommerce } from '../../mappings/to-facts/woocommerce.ts';
import type { RefundClaim } from '../../src/domain/order.ts';
import { expectSoundFacts } from '../conformance/source-suite.ts';

const folder = path.join(process.env.PAYLOADS_DIR ?? '', 'woocommerce');

type Wire = Record<string, unknown>;

const payload = <T>(file: string): T => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
const documented = (): Wire => payload('docs-order-723-completed-refunds.json');

/** The order of a list of refunds that was collected without it: the lines that these took back, in the documented frame. */
function orderAround(refunds: readonly Wire[], lines: readonly [id: number, quantity: number, total: string][]): Wire {
  return {
    ...documented(),
    id: 560,
    total: '225.00',
    shipping_lines: [],
    line_items: lines.map(([id, quantity, total]) => ({ id, name: `${id}`, quantity, total, total_tax: '0.00' })),
    refunds: refunds.map(({ id, amount }) => ({ id, total: `-${amount}` })),
  };
}

/** What each refund gives back: its amount, and by line the pieces and what they come to. */
const PAIRS: { file: string; order(refunds: readonly Wire[]): Wire; given: Record<string, unknown> }[] = [
  {
    file: 'docs-refunds-order-723.json',
    order: documented,
    given: { 726: [1000n, []], 724: [900n, [['311', '1', 900n]]] },
  },
  {
    file: 'refunds-list-order-560.json',
    order: (refunds) =>
      orderAround(refunds, [
        [59, 1, '31.50'],
        [60, 1, '18.00'],
        [63, 1, '31.50'],
        [64, 2, '63.00'],
        [65, 3, '81.00'],
      ]),
    given: {
      1172: [6300n, [['64', '2', 6300n]]],
      1025: [
        11700n,
        [
          ['59', '1', 3150n],
          ['63', '1', 3150n],
          ['65', '2', 5400n],
        ],
      ],
      590: [1800n, [['60', '1', 1800n]]],
      562: [2700n, [['65', '1', 2700n]]],
    },
  },
];

if (process.env.PAYLOADS_DIR === undefined || !existsSync(folder)) {
  it.skip('refunds of real WooCommerce shops are read by line (set PAYLOADS_DIR to their folder)', () => {});
} else {
  describe('refunds of real WooCommerce shops', () => {
    it.each(PAIRS)('of $file give back what their lines say, to the cent', ({ file, order, given }) => {
      const refunds = payload<Wire[]>(file);
      const outcome = understandWooCommerce({
        topic: 'fetched.order',
        headers: {},
        body: Buffer.from(JSON.stringify({ order: order(refunds), refunds })),
        receivedAt: '2026-11-21T10:00:00.000Z',
      });
      expectSoundFacts(outcome);
      const fact = outcome.ok && outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
      if (fact?.kind !== 'order') throw new Error('no order');
      expect(fact.order.doubt).toBeNull();
      const shown = ({ amount, lines }: RefundClaim) => [
        amount,
        lines?.map(({ lineId, quantity, gross }) => [lineId, quantity, gross]),
      ];
      expect(Object.fromEntries(fact.order.refunds.map((claim) => [claim.id, shown(claim)]))).toEqual(given);
    });
  });
}
