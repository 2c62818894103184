// Nothing tells where Abby rounds: its draft does, and the lines are written anew until it comes to the order's total.
import { describe, expect, it } from 'vitest';
import { readInvoiceRequest } from '../../mappings/from-document/abby.ts';
import type { InvoiceDraft } from '../../src/domain/document.ts';
import { creditNoteDraft, line } from '../conformance/provider-samples.ts';
import {
  begin,
  creditNoteOf,
  creditOf,
  draftingOf,
  fillIn,
  finish,
  invoiceOf,
  issue,
  requestFor,
} from '../conformance/provider-steps.ts';
import { FILL, FINALIZE, inWorld, MAKE, plain, type World } from './abby-world.ts';

describe('a draft at Abby that comes to another total', () => {
  const LINES = ['PATCH /v2/billing/:id/lines'];
  const linesOf = ({ simulator }: World) =>
    simulator
      .documents()
      .at(-1)
      ?.lines.map((told) => `${told.quantity} × ${told.unitPrice}`);

  it.each([
    { rounding: 'line', rewritten: 0, lines: ['1 × 999', '99 × 10'] },
    { rounding: 'net_price', rewritten: 1, lines: ['1 × 999', '1 × 990'] },
    { rounding: 'net_rate', rewritten: 2, lines: ['1 × 833', '1 × 825', '1 × -1'] },
  ] as const)('where Abby rounds by $rounding is rewritten in $rewritten calls', ({ rounding, rewritten, lines }) =>
    inWorld({ rounding }, async (world) => {
      const draft = plain('1');
      const ordered = [line({ gross: 999n }), line({ gross: 990n, quantity: '99' })];
      const intent = await invoiceOf(world, { ...draft, lines: ordered, total: 1989n });
      world.calls();
      expect(await issue(world, intent)).toMatchObject({ total: 1989n, state: 'final' });
      const rewrites = Array.from({ length: rewritten }, () => LINES).flat();
      expect(world.calls()).toEqual([...MAKE, ...FILL, ...rewrites, ...FINALIZE]);
      expect(linesOf(world)).toEqual(lines);
    }),
  );

  it('is rewritten where it takes back a part, too', () =>
    inWorld({ rounding: 'net_line' }, async (world) => {
      const draft = plain('1', 5000n);
      const invoice = await issue(world, await invoiceOf(world, draft));
      world.calls();
      const note = creditNoteDraft('1', 'r1', [line({ gross: 999n })]);
      expect(await finish(world, creditNoteOf(world), creditOf(note, invoice, draft))).toMatchObject({ total: 999n });
      expect(world.calls().filter((call) => call === LINES[0])).toHaveLength(2);
      expect(linesOf(world)).toEqual(['1 × 833', '1 × -1']);
    }));

  it('in every way stays a draft of that total', () =>
    inWorld({ rounding: 'net_rate' }, async (world) => {
      const draft: InvoiceDraft = { ...plain('1', 999n), rounding: 'hold' };
      const filled = await fillIn(world, world.account.invoice, await invoiceOf(world, draft));
      expect(filled).toMatchObject({ state: 'draft', total: 1000n });
    }));

  it('and is final already is left as it is', () =>
    inWorld({ rounding: 'net_rate' }, async (world) => {
      const { invoice } = world.account;
      const intent = await invoiceOf(world, plain('1', 999n));
      const made = await begin(world, invoice, intent);
      const { billing } = world.simulator.books;
      const document = billing.invoice(made.providerId);
      billing.setLines(document, JSON.parse(readInvoiceRequest(requestFor(invoice, intent))?.lines ?? ''));
      billing.setTimeline(document, { emittedAt: 1, paymentDelay: 'at_reception' });
      billing.finalize(document);
      world.calls();
      const filled = await draftingOf(invoice).fill(made, requestFor(invoice, intent), false, world.io);
      expect(filled).toMatchObject({ kind: 'done', value: { state: 'final', total: 1000n } });
      expect(world.calls()).toEqual([...LINES, 'GET /v2/billing/:id']);
    }));
});
