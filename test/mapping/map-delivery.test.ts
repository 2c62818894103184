// Mappings at work: corrections of what a shop tells, and orders made from a sender's own form.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { understandStandard } from '../../mappings/to-facts/standard.ts';
import type { StoredDelivery } from '../../src/connector.ts';
import type { Understood } from '../../src/domain/facts.ts';
import type { Order } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { mapDelivery } from '../../src/mapping/map-delivery.ts';
import { openMappings } from '../../src/mapping/mappings.ts';
import { unpaidOrder } from '../support/orders.ts';
import { sample, understand } from '../support/woocommerce.ts';
import { mappingFiles } from './files.ts';

const files = mappingFiles();
const mappings = openMappings();
afterAll(() => mappings.close());

const deliveryOf = (body: string, topic = 'order'): StoredDelivery => ({
  topic,
  headers: {},
  body: Buffer.from(body),
  receivedAt: '2026-11-21T10:00:00.000Z',
});

const ownForm = (text: string, body: string): Promise<Result<Understood>> => {
  const delivery = deliveryOf(body);
  const understood = understandStandard(delivery, ['order']);
  return mapDelivery({ mapping: files.load(text), mappings }, delivery, understood);
};

/** A WooCommerce order with a mapping beside its source. */
const shop = (text: string, wire: Record<string, unknown>): Promise<Result<Understood>> =>
  mapDelivery({ mapping: files.load(text), mappings }, deliveryOf(JSON.stringify(wire)), understand(wire));

function orderOf(outcome: Result<Understood>): Order {
  if (!outcome.ok) throw new Error(outcome.error.detail);
  const [fact] = outcome.value.kind === 'facts' ? outcome.value.facts : [];
  if (fact?.kind !== 'order') throw new Error('no order');
  return fact.order;
}

describe('a mapping beside a shop', () => {
  const wire = sample('company-two-rates');

  it('finds the VAT number under the shop’s odd key', async () => {
    const text = `{ "buyer": { "tax_number": payload.meta_data[key = "_acme_steuer_nr"].value } }`;
    const noted = { ...wire, meta_data: [{ id: 1, key: '_acme_steuer_nr', value: 'DE136695976' }] };
    const corrected = orderOf(await shop(text, noted));
    const before = orderOf(understand(noted));
    expect(corrected).toEqual({ ...before, buyer: { ...before.buyer, taxNumber: 'DE136695976' } });
  });

  it('renames the shipping line', async () => {
    const text = `{ "lines": order.lines[kind = "shipping"].{ "id": id, "name": "Delivery to " & $$.order.buyer.address.country } }`;
    const before = orderOf(understand(wire));
    const { lines } = orderOf(await shop(text, wire));
    const shipped = before.lines.filter(({ kind }) => kind === 'shipping');
    expect(shipped).not.toEqual([]);
    expect(lines).toEqual(
      before.lines.map((line) =>
        line.kind === 'shipping' ? { ...line, name: `Delivery to ${before.buyer.address.country}` } : line,
      ),
    );
  });

  it('that answers nothing changes nothing, neither facts nor problems', async () => {
    expect(await shop('payload.nothing', wire)).toEqual(understand(wire));
    const unreadable = { ...wire, currency: '??' };
    expect(await shop('payload.nothing', unreadable)).toEqual(understand(unreadable));
    expect(understand(unreadable)).toMatchObject({ ok: false });
  });

  it('gives the same each time that the delivery is read', async () => {
    const text = '{ "tags": ["read", $now()] }';
    expect(await shop(text, wire)).toEqual(await shop(text, wire));
  });

  it('leaves a delivery aside with the reason', async () => {
    expect(await shop('order.buyer.kind = "company" ? {"ignore": "companies are invoiced by hand"}', wire)).toEqual(
      ok({
        kind: 'ignored',
        reason: 'ignored_by_mapping',
        detail: 'companies are invoiced by hand',
        orderId: String(wire.id),
      }),
    );
  });

  it('is not asked about what is understood and tells no order', async () => {
    const mapping = files.load('$error("asked")');
    const others: Understood[] = [
      { kind: 'ignored', reason: 'topic_not_used' },
      { kind: 'fetch', fetch: ['order:7'] },
    ];
    for (const understood of others) {
      expect(await mapDelivery({ mapping, mappings }, deliveryOf('{}'), ok(understood))).toEqual(ok(understood));
    }
  });

  it('is not asked about what is no JSON', async () => {
    const malformed = err(problem('malformed_json', 'the body is not valid JSON'));
    const mapping = files.load('$error("asked")');
    expect(await mapDelivery({ mapping, mappings }, deliveryOf('{"a":'), malformed)).toEqual(malformed);
  });

  it('keeps what else was understood, and what is to be fetched', async () => {
    const understood: Understood = {
      kind: 'facts',
      facts: [{ kind: 'order', order: unpaidOrder() }],
      fetch: ['order:501'],
    };
    const mapping = files.load('{"status": "seen"}');
    expect(await mapDelivery({ mapping, mappings }, deliveryOf('{}'), ok(understood))).toEqual(
      ok({ ...understood, facts: [{ kind: 'order', order: unpaidOrder({ status: 'seen' }) }] }),
    );
  });

  it.each([
    ['a slip', '{"buyr": {}}', 'buyr', /there is no such key/],
    [
      'a fraction of a cent',
      '{"lines": order.lines.{"id": id, "gross": $number(gross) / 7}}',
      'lines.0.gross',
      /round it/,
    ],
    [
      'a mode that there is not',
      '{"paid": {"amount": 1, "at": $now(), "mode": "visa"}}',
      'paid.mode',
      /card, transfer/,
    ],
  ])('that answers %s fails with the file, the path and what to write', async (_name, text, at, words) => {
    const outcome = await shop(text, wire);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'mapping_failed', at } });
    expect(outcome.ok ? '' : outcome.error.detail).toMatch(words);
    expect(outcome.ok ? '' : outcome.error.detail).toMatch(/\.jsonata: /);
  });
});

describe('a mapping of a sender’s own form', () => {
  const invoice = {
    event: 'invoice_booked',
    doc: { no: 'NO', date: '2026-11-21T10:00:00+01:00', curr: 'EUR', sum: 11.88 },
    pos: [
      { nr: 10, text: 'Beech board', qty: 3, unit: 2.5, vat: 19 },
      { nr: 20, text: 'Oak board', qty: 1, unit: 2.483, vat: 19 },
    ],
    customer: { firma: 'Holz Brandt', land: 'de', ust: 'DE136695976' },
  };
  const text = `{
    "id": payload.doc.no, "placed_at": payload.doc.date, "updated_at": payload.doc.date,
    "currency": payload.doc.curr, "total": payload.doc.sum,
    "lines": payload.pos.(
      $net := $round(qty * unit, 2);
      { "id": nr, "name": text, "quantity": qty, "net": $net, "tax": $round($net * vat / 100, 2), "rate": vat }
    ),
    "buyer": {
      "company": payload.customer.firma, "tax_number": payload.customer.ust,
      "address": { "country": $uppercase(payload.customer.land) }
    }
  }`;

  it('makes the whole order, its id whole and its lines settled to its total', async () => {
    const sent = JSON.stringify(invoice).replace('"NO"', '9007199254740993');
    // JSONata rounds a half to the even cent, so that the first line has one cent of tax too little.
    expect(orderOf(await ownForm(text, sent))).toMatchObject({
      id: '9007199254740993',
      total: 1_188n,
      lines: [
        { id: '10', gross: 893n, tax: 142n, rate: '19' },
        { id: '20', gross: 295n, tax: 47n, rate: '19' },
      ],
      buyer: { kind: 'company', name: 'Holz Brandt', taxNumber: 'DE136695976' },
      doubt: null,
    });
  });

  it('makes a list of one line a list', async () => {
    const one = { ...invoice, doc: { ...invoice.doc, sum: 8.93 }, pos: invoice.pos.slice(0, 1) };
    expect(orderOf(await ownForm(text, JSON.stringify(one))).lines).toHaveLength(1);
  });

  it('that leaves something out says what is missing, and what was wrong without it', async () => {
    const outcome = await ownForm(text, JSON.stringify({ ...invoice, doc: { ...invoice.doc, curr: null } }));
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: 'mapping_failed', at: 'currency', detail: expect.stringMatching(/ISO 4217.*no lines/) },
    });
  });

  it('ignores what is no order', async () => {
    expect(await ownForm('payload.event != "invoice_booked" ? {"ignore": "no invoice"}', '{"event":"hello"}')).toEqual(
      ok({ kind: 'ignored', reason: 'ignored_by_mapping', detail: 'no invoice' }),
    );
  });
});

// Payloads of real senders are kept outside the project for their licences; PAYLOADS_DIR names their folder.
const paddle = path.join(process.env.PAYLOADS_DIR ?? '', 'paddle/billing-transaction-paid.json');
describe.skipIf(process.env.PAYLOADS_DIR === undefined || !existsSync(paddle))('a mapping of Paddle’s own form', () => {
  it('makes an order of a transaction whose amounts are texts in minor units', async () => {
    const text = `(
      $tx := payload.data;
      {
        "id": $tx.id, "placed_at": $tx.created_at, "updated_at": payload.occurred_at, "currency": $tx.currency_code,
        "total": $number($tx.details.totals.total) / 100,
        "lines": $tx.details.line_items.{
          "id": id, "name": product.name, "quantity": quantity, "rate": $round($number(tax_rate) * 100, 3),
          "gross": $number(totals.total) / 100, "tax": $number(totals.tax) / 100
        },
        "buyer": { "customer_id": $tx.customer_id, "name": "Customer " & $tx.customer_id, "address": {} }
      }
    )`;
    const order = orderOf(await ownForm(text, readFileSync(paddle, 'utf8')));
    expect(order).toMatchObject({ currency: 'GBP', total: 89_880n, doubt: null });
    expect(order.lines.every(({ rate }) => rate === '20')).toBe(true);
  });
});
