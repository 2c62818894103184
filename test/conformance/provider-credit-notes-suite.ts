// Credit notes: what goes back to the buyer, on the invoice that it was charged with, which stays as it is.
import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/connector.ts';
import type { CreditNoteDraft, InvoiceDraft, Issued } from '../../src/domain/document.ts';
import { CONTEXT, type ProviderWorld, type SeenDocument } from './provider-kit.ts';
import { amountOnly, creditNoteDraft, invoiceDraft, line, shapes } from './provider-samples.ts';
import {
  begin,
  creditNoteOf,
  creditOf,
  excludedBy,
  finish,
  found,
  type InWorld,
  issuePaid,
  lookUp,
  magnitude,
  readAgain,
  requestFor,
} from './provider-steps.ts';

const cups = line({ gross: 3998n, quantity: '2', name: 'Tasse émaillée' });
const honey = line({ id: '2', gross: 1055n, rate: '5.5', name: 'Miel' });
/** Two rates: two cups of 19.99 at 20 %, a honey of 10.55 at 5.5 %. */
const original = invoiceDraft('1', [cups, honey]);
const everything = creditNoteDraft('1', 'r1', original.lines, { whole: true });

const partial: readonly { name: string; draft: CreditNoteDraft }[] = [
  { name: 'of one line', draft: creditNoteDraft('1', 'r1', [honey]) },
  { name: 'of a part of a line', draft: creditNoteDraft('1', 'r1', [line({ gross: 1999n, name: 'Tasse émaillée' })]) },
  {
    name: 'of an amount over two rates',
    draft: creditNoteDraft('1', 'r1', [amountOnly(791n, '20'), amountOnly(209n, '5.5')]),
  },
];

/** Registers the tests of a provider that makes credit notes. */
export function creditNotesSuite(title: string, capabilities: Capabilities, inWorld: InWorld<ProviderWorld>): void {
  const inParts = capabilities.creditNotes === 'parts';

  /** Issues the invoice, credits this much of it, and checks what came about against both. */
  async function credited(world: ProviderWorld, invoiced: InvoiceDraft, draft: CreditNoteDraft): Promise<Issued> {
    const invoice = await issuePaid(world, invoiced);
    const before = documentsById(world);
    const note = await finish(world, creditNoteOf(world), creditOf(draft, invoice, invoiced));
    expect(note).toMatchObject({
      kind: 'credit_note',
      state: 'final',
      total: draft.amount,
      currency: draft.currency,
      clientId: invoice.clientId,
    });
    expect(await readAgain(world, note)).toEqual(note);
    const seen = documentsById(world);
    expect(seen.size).toBe(2);
    expect(lasting(seen.get(invoice.providerId))).toEqual(lasting(before.get(invoice.providerId)));
    const document = seen.get(note.providerId);
    expect(document).toMatchObject({
      number: note.number,
      currency: draft.currency,
      kind: 'credit_note',
      state: 'final',
      credits: invoice.providerId,
    });
    expect(magnitude(document?.total ?? 0n)).toBe(draft.amount);
    expect(document?.texts).toContain(draft.orderNumber);
    return note;
  }

  describe.concurrent(`${title}: credit notes`, () => {
    const wholes = shapes.filter(({ draft }) => excludedBy(capabilities, draft) === null);
    it.each(wholes)('of a whole invoice with $name take all of it back', ({ draft }) =>
      inWorld(async (world) => {
        const change = { whole: true, currency: draft.currency };
        await credited(world, draft, creditNoteDraft(draft.orderId, 'r1', draft.lines, change));
      })(),
    );

    it.each(partial)('$name take that back, or are refused before anything is sent', ({ draft }) =>
      inWorld(async (world) => {
        if (inParts) {
          await credited(world, original, draft);
          return;
        }
        const invoice = await issuePaid(world, original);
        const composed = creditNoteOf(world).compose(creditOf(draft, invoice, original), CONTEXT);
        expect(composed).toMatchObject({ ok: false, error: { code: 'not_supported_by_provider' } });
        expect(world.documents()).toHaveLength(1);
      })(),
    );

    if (inParts) {
      it(
        'are made one after the other until nothing of the invoice is left',
        inWorld(async (world) => {
          const invoice = await issuePaid(world, original);
          const notes = [
            creditNoteDraft('1', 'r1', [amountOnly(791n, '20'), amountOnly(209n, '5.5')]),
            creditNoteDraft('1', 'r2', [amountOnly(3207n, '20'), amountOnly(846n, '5.5')]),
          ];
          const numbers: string[] = [];
          for (const draft of notes) {
            const note = await finish(world, creditNoteOf(world), creditOf(draft, invoice, original));
            expect(note.total).toBe(draft.amount);
            numbers.push(note.number);
          }
          expect(new Set(numbers).size).toBe(2);
          const seen = world.documents().filter(({ kind }) => kind === 'credit_note');
          expect(seen.reduce((total, note) => total + magnitude(note.total), 0n)).toBe(original.total);
        }),
      );
    }

    it(
      'are found by their marker, and neither the invoice nor another refund is taken for one',
      inWorld(async (world) => {
        const { io } = world;
        const creditNote = creditNoteOf(world);
        const invoice = await issuePaid(world, original);
        const intent = creditOf(everything, invoice, original);
        const request = requestFor(creditNote, intent);
        if (creditNote.find === null) {
          expect(creditNote.secondIsHarmless).toBe(creditNote.drafting !== null);
          return;
        }
        expect(found(await creditNote.find(intent, request, io))).toEqual([]);
        const made = await begin(world, creditNote, intent);
        const other = creditOf({ ...everything, key: `${everything.key}1` }, invoice, original);
        expect(found(await lookUp(creditNote, intent, request, io))).toMatchObject([{ providerId: made.providerId }]);
        expect(found(await lookUp(creditNote, other, requestFor(creditNote, other), io))).toEqual([]);
      }),
    );

    it(
      'are composed the same way every time',
      inWorld(async (world) => {
        const intent = creditOf(everything, await issuePaid(world, original), original);
        const creditNote = creditNoteOf(world);
        expect(requestFor(creditNote, intent)).toBe(requestFor(creditNote, intent));
      }),
    );
  });
}

const documentsById = (world: ProviderWorld): Map<string, SeenDocument> =>
  new Map(world.documents().map((document) => [document.id, document]));

/** All of a document but what is counted as paid: a provider may settle the credit note with the invoice. */
const lasting = (document: SeenDocument | undefined) => document && { ...document, paid: null };
