// What follows an invoice at VosFactures: payments, credit notes, e-mails, and what its answers to them prove.
import { describe, expect, it } from 'vitest';
import { CONTEXT } from '../conformance/provider-kit.ts';
import {
  creditNoteDraft,
  invoiceDraft,
  line,
  paymentDraft,
  received,
  sendDraft,
} from '../conformance/provider-samples.ts';
import { begin, found, invoiceOf, issue, lookUp, proved, requestFor } from '../conformance/provider-steps.ts';
import { inVosFactures as inWorld, type VosFacturesWorld as World } from '../support/vosfactures.ts';

describe('a VosFactures payment', () => {
  const invoiceWith = async (world: World) => {
    const invoice = await issue(world, await invoiceOf(world, invoiceDraft('1', [line({ gross: 5000n })])));
    return { draft: paymentDraft('1', received(2000n)), invoice, paidBefore: 0n };
  };
  const byHand = (world: World, invoiceId: string, price: string) =>
    world.simulator.books.createPayment({ name: 'à la main', price, invoice_id: invoiceId, paid: true, kind: 'api' });

  it('that somebody recorded by hand counts as recorded', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceWith(world);
      byHand(world, intent.invoice.providerId, '20.00');
      const found = await lookUp(world.account.payment, intent, '', world.io);
      expect(found).toEqual({ kind: 'found', items: [{ providerId: null, paid: 2000n }] });
    }));

  it('of ours is found beside one that somebody recorded by hand', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceWith(world);
      byHand(world, intent.invoice.providerId, '15.00');
      const composed = world.account.payment?.compose(intent, CONTEXT);
      await world.account.payment?.send(composed?.ok ? composed.value : '', world.io);
      const [, ours] = world.simulator.payments();
      const found = await lookUp(world.account.payment, intent, '', world.io);
      expect(found).toEqual({ kind: 'found', items: [{ providerId: String(ours?.id), paid: 3500n }] });
    }));

  it('is not seen in a balance that moved by another amount', () =>
    inWorld({}, async (world) => {
      const intent = await invoiceWith(world);
      byHand(world, intent.invoice.providerId, '15.00');
      expect(await lookUp(world.account.payment, intent, '', world.io)).toEqual({ kind: 'found', items: [] });
    }));

  it.each([
    ['another amount', { id: 9, price: '19.99' }],
    ['another invoice', { id: 9, price: '20.00', invoice_id: 424_242 }],
    ['no id', { price: '20.00' }],
  ])('answered with %s proves nothing', (_what, answer) =>
    inWorld({}, async (world) => {
      const { payment } = world.account;
      const composed = payment?.compose(await invoiceWith(world), CONTEXT);
      world.simulator.failNext({ acts: 'never', sees: { status: 201, body: JSON.stringify(answer) } });
      const outcome = await payment?.send(composed?.ok ? composed.value : '', world.io);
      expect(outcome).toMatchObject({ kind: 'unknown' });
    }),
  );
});

describe('a VosFactures credit note', () => {
  const original = invoiceDraft('1', [line({ gross: 2400n, quantity: '2' }), line({ gross: 1055n, rate: '5.5' })]);
  const credited = async (world: World) => {
    const { creditNote } = world.account;
    if (creditNote === null) throw new Error('VosFactures makes credit notes');
    const invoice = await issue(world, await invoiceOf(world, original));
    const draft = creditNoteDraft('1', 'r1', original.lines, { whole: true });
    return { creditNote, intent: { draft, invoice, original } };
  };

  it('shows each line as it stood and that nothing is left of it, on the invoice that it names', () =>
    inWorld({}, async (world) => {
      const { creditNote, intent } = await credited(world);
      const made = await begin(world, creditNote, intent);
      expect(made).toMatchObject({ total: 3455n, kind: 'credit_note', number: 'FA2026-11-1' });
      const [, document] = world.simulator.documents();
      expect(document).toMatchObject({
        kind: 'correction',
        price_gross: '-34.55',
        invoice_id: Number(intent.invoice.providerId),
        correction_reason: 'Article endommagé',
        payment_to: null,
      });
      expect(document?.positions[0]).toMatchObject({
        quantity: '-2.0',
        total_price_gross: '-24.0',
        correction_before_attributes: { quantity: '2.0', total_price_gross: '24.0' },
        correction_after_attributes: { quantity: '0.0', total_price_gross: '0.0' },
      });
    }));

  it('is not taken for the invoice, nor a pro forma with its oid for it', () =>
    inWorld({ oidScope: 'kind' }, async (world) => {
      const { creditNote, intent } = await credited(world);
      const made = await begin(world, creditNote, intent);
      world.simulator.books.createInvoice({
        kind: 'proforma',
        oid: made.marker,
        client_id: made.clientId,
        positions: [{ name: 'Tasse', quantity: '1', tax: '20', total_price_gross: '34.55' }],
      });
      expect(found(await lookUp(creditNote, intent, '', world.io))).toEqual([made]);
    }));

  it('that was cancelled is shown as something else, so that it is not made again', () =>
    inWorld({}, async (world) => {
      const { creditNote, intent } = await credited(world);
      const made = await begin(world, creditNote, intent);
      world.simulator.books.cancelInvoice(Number(made.providerId));
      expect(found(await lookUp(creditNote, intent, '', world.io))).toMatchObject([{ kind: 'other' }]);
    }));

  it('answered as another kind of document proves nothing', () =>
    inWorld({}, async (world) => {
      const { creditNote, intent } = await credited(world);
      const request = requestFor(creditNote, intent);
      const { oid } = JSON.parse(request).invoice;
      const body = { id: 9, number: 'F1', kind: 'vat', oid, currency: 'EUR', price_gross: '34.55', paid: '0.0' };
      world.simulator.failNext({ acts: 'never', sees: { status: 201, body: JSON.stringify(body) } });
      expect(await creditNote.send(request, world.io)).toMatchObject({ kind: 'unknown' });
    }));

  it('without a line or a client is refused before anything is sent', () =>
    inWorld({}, async (world) => {
      const { creditNote, intent } = await credited(world);
      const empty = { ...intent, draft: { ...intent.draft, lines: [] } };
      expect(creditNote.compose(empty, CONTEXT)).toMatchObject({ ok: false, error: { code: 'no_lines' } });
      const nobody = { ...intent, invoice: { ...intent.invoice, clientId: null } };
      expect(creditNote.compose(nobody, CONTEXT)).toMatchObject({ error: { code: 'client_id_unusable' } });
    }));
});

describe('an e-mail from VosFactures', () => {
  const ready = async (world: World) => {
    const { email } = world.account;
    if (email === null) throw new Error('VosFactures sends by e-mail');
    const document = await issue(world, await invoiceOf(world, invoiceDraft('1', [line()])));
    const intent = { draft: sendDraft('1'), document };
    return { email, intent, request: requestFor(email, intent) };
  };

  it('has the PDF with it, and goes to the address of the order even where another one is stored', () =>
    inWorld({}, async (world) => {
      const { email, intent } = await ready(world);
      const other = { ...intent, draft: { ...intent.draft, to: 'Compta@Lacaze.example' } };
      proved(await email.send(requestFor(email, other), world.io));
      expect(world.simulator.sent()).toMatchObject([{ to: ['compta@lacaze.example'], pdf: true }]);
    }));

  it('that was sent within three days is refused, with status 200, and reaches nobody again', () =>
    inWorld({}, async (world) => {
      const { email, request } = await ready(world);
      proved(await email.send(request, world.io));
      const again = await email.send(request, world.io);
      expect(again).toMatchObject({ kind: 'rejected', rejection: { kind: 'refused' } });
      expect(world.simulator.sent()).toHaveLength(1);
    }));

  it('that a person sent counts as sent, at the instant that the document tells', () =>
    inWorld({}, async (world) => {
      const { email, intent, request } = await ready(world);
      for (const invoice of world.simulator.documents()) invoice.sent_time = '2026-11-20T12:00:00.000+01:00';
      expect(found(await lookUp(email, intent, request, world.io))).toEqual([{ at: '2026-11-20T11:00:00.000Z' }]);
    }));

  it.each(['{}', '"ok"', '{"status":"queued"}', '{"code":"success"}'])('answered %s proves nothing', (body) =>
    inWorld({}, async (world) => {
      const { email, request } = await ready(world);
      world.simulator.failNext({ acts: 'never', sees: { status: 200, body } });
      expect(await email.send(request, world.io)).toMatchObject({ kind: 'unknown' });
    }),
  );

  it('is refused before anything is sent where the order names no address', () =>
    inWorld({}, async (world) => {
      const { email, intent } = await ready(world);
      const nowhere = email.compose({ ...intent, draft: { ...intent.draft, to: ' ' } }, CONTEXT);
      expect(nowhere).toMatchObject({ ok: false, error: { code: 'no_email' } });
    }));
});
