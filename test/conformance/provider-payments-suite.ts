// Money received, recorded on an invoice: in parts, or as the whole amount that is open.
import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/connector.ts';
import { CONTEXT, type ProviderWorld } from './provider-kit.ts';
import { invoiceDraft, line, paymentDraft, received } from './provider-samples.ts';
import { type InWorld, invoiceOf, issue, proved, readAgain, requestFor } from './provider-steps.ts';

/** Registers the tests of the payments that a provider declares. */
export function paymentsSuite(title: string, { payments }: Capabilities, inWorld: InWorld<ProviderWorld>): void {
  if (payments === 'none') return;
  const parts = [
    received(4000n, { id: 'pi_1' }),
    received(6000n, { id: 'tr_2', mode: 'transfer', method: 'bacs', at: '2026-11-22T09:00:00.000Z' }),
  ];
  const whole = [received(10_000n, { id: 'tr_2', mode: 'transfer', method: 'bacs', at: '2026-11-22T09:00:00.000Z' })];

  describe(`${title}: payments`, () => {
    it(
      `${payments === 'parts' ? 'in parts and in full' : 'in full'} are recorded with their amount, date and mode`,
      inWorld(async (world) => {
        const { payment } = world.account;
        if (payment === null) throw new Error('payments are declared and there is nothing to record them with');
        const invoice = await issue(world, await invoiceOf(world, invoiceDraft('1', [line({ gross: 10_000n })])));
        const money = payments === 'parts' ? parts : whole;
        let paidBefore = 0n;
        for (const one of money) {
          const intent = { draft: paymentDraft('1', one), invoice, paidBefore };
          const request = requestFor(payment, intent);
          const find = async () => payment.find?.(intent, request, world.io) ?? null;
          expect((await find()) ?? { kind: 'found', items: [] }).toEqual({ kind: 'found', items: [] });
          const recorded = proved(await payment.send(request, world.io));
          expect(recorded.paid).toBe(paidBefore + one.amount);
          expect((await find()) ?? { items: [recorded] }).toMatchObject({ items: [{ paid: recorded.paid }] });
          paidBefore = recorded.paid;
        }
        expect(world.payments()).toEqual(
          money.map(({ amount, mode, id }) => ({
            invoiceId: invoice.providerId,
            amount,
            date: id === 'pi_1' ? '2026-11-21' : '2026-11-22',
            mode,
          })),
        );
        expect(world.documents()).toMatchObject([{ paid: 10_000n }]);
        expect(await readAgain(world, invoice)).toMatchObject({ paid: 10_000n });
      }),
    );

    if (payments === 'whole') {
      it(
        'of a part are refused before anything is sent, as is declared',
        inWorld(async (world) => {
          const invoice = await issue(world, await invoiceOf(world, invoiceDraft('1', [line({ gross: 10_000n })])));
          const composed = world.account.payment?.compose(
            { draft: paymentDraft('1', received(4000n)), invoice, paidBefore: 0n },
            CONTEXT,
          );
          expect(composed).toMatchObject({ ok: false, error: { code: 'not_supported_by_provider' } });
          expect(world.payments()).toEqual([]);
        }),
      );
    }
  });
}
