// Refunds collected from real shops, each put into the order that it belongs to. They are kept outside the project for their
// licences: PAYLOADS_DIR names a folder with one folder per source type.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sum } from '../../src/domain/money.ts';
import { expectSoundFacts } from '../conformance/source-suite.ts';
import { understand, type Wire } from '../support/shopify.ts';

const folder = path.join(process.env.PAYLOADS_DIR ?? '', 'shopify');
const ORDER = 'order-partially-refunded-usd-1001.json';

if (process.env.PAYLOADS_DIR === undefined || !existsSync(path.join(folder, ORDER))) {
  it.skip('refunds of real shops are understood within their orders (set PAYLOADS_DIR)', () => {});
} else {
  const read = (file: string): Wire => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  const understandWith = (refund: Wire) => understand({ ...read(ORDER), refunds: [refund] });
  const files = readdirSync(folder).filter((file) => file.startsWith('refund-') && 'order_id' in read(file));

  describe('a refund of a real Shopify shop, within its order', () => {
    it.each(files)('%s tells sound facts', (file) => {
      expect(read(file).order_id).toBe(read(ORDER).id);
      expectSoundFacts(understandWith(read(file)));
    });

    it.each(files)('%s has the money that moved, and lines for it', (file) => {
      const refund = read(file);
      const moved = (refund.transactions as Wire[])
        .filter(({ kind, status }) => kind === 'refund' && status === 'success')
        .reduce((total, { amount }) => total + BigInt(String(amount).replace('.', '')), 0n);
      const outcome = understandWith(refund);
      const fact = outcome.ok && outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
      if (fact?.kind !== 'order') throw new Error('no order');
      const { refunds } = fact.order;
      expect(refunds.map(({ amount }) => amount)).toEqual(moved > 0n ? [moved] : []);
      for (const { lines } of refunds) expect(lines).not.toBeNull();
    });

    it.each(files.filter((file) => file.startsWith('refund-amount-only')))(
      '%s gave back shipping of exactly that amount, once',
      (file) => {
        const outcome = understandWith(read(file));
        const fact = outcome.ok && outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
        const refund = fact?.kind === 'order' ? fact.order.refunds[0] : undefined;
        expect(refund?.lines?.map(({ kind }) => kind)).toEqual(['shipping']);
        expect(sum(refund?.lines?.map(({ gross }) => gross) ?? [])).toBe(refund?.amount);
      },
    );
  });
}
