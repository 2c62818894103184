// A Shopify order comes to the same facts whether a webhook told it or the API was asked for it.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MORE_LINES, ORDER, REFUND } from '../../connectors/shopify/queries.ts';
import { parseJson } from '../../src/domain/json.ts';
import type { Order } from '../../src/domain/order.ts';
import { parseDocument } from '../simulators/shopify-query.ts';
import { carryOut } from '../simulators/shopify-schema.ts';
import { orderObject, type Wire } from '../simulators/shopify-views.ts';
import { order, understandText } from '../support/shopify.ts';

const SAMPLES = new URL('../samples/shopify/', import.meta.url);

const textOf = (name: string): string => readFileSync(new URL(`${name}.json`, SAMPLES), 'utf8');

/** Samples of whole orders in the form that webhooks carry. */
const orders = readdirSync(SAMPLES)
  .map((file) => file.replace(/\.json$/, ''))
  .filter(
    (name) => textOf(name).includes('"line_items": [\n    {') && !['refund-created', 'fetched-order'].includes(name),
  );

/** What the connector would put together of a sample, had the API shown it. */
function fetchedBody(name: string, changes: (rest: Wire) => Wire = (rest) => rest): string {
  const parsed = parseJson(readFileSync(new URL(`${name}.json`, SAMPLES)));
  if (!parsed.ok) throw new Error(parsed.error.detail);
  const shown = orderObject({
    rest: changes(parsed.value as Wire),
    transactions: [],
    company: null,
    localizedFields: [],
  });
  const ask = (query: string, root: (field: string) => unknown): Wire => {
    const document = parseDocument(query);
    const variables = { id: shown.id, lineItems: null, shippingLines: null };
    return (carryOut(document, variables, root, () => null).data ?? {}) as Wire;
  };
  const refunds = (shown.refunds as Wire[]).map((refund) => ask(REFUND, () => refund).refund);
  return JSON.stringify({ order: ask(ORDER, () => shown).order, pages: [], refunds });
}

const fetched = (name: string, changes?: (rest: Wire) => Wire) =>
  understandText(fetchedBody(name, changes), 'fetched.order');

describe('a Shopify order that the API told', () => {
  it('has samples to compare', () => {
    expect(orders.length).toBeGreaterThan(20);
  });

  it.each(orders)('%s comes to what its webhook comes to', (name) => {
    // The API never leaves the second currency out, and its amounts are never half told.
    if (name === 'foreign-amount-missing') return expect(fetched(name).ok).toBe(false);
    expect(fetched(name)).toEqual(understandText(textOf(name), 'orders/updated'));
  });

  it('has a business’s name and tax registration besides', () => {
    const outcome = understandText(textOf('fetched-order'), 'fetched.order');
    const fact = outcome.ok && outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
    const read: Order | undefined = fact?.kind === 'order' ? fact.order : undefined;
    expect(read).toMatchObject({
      id: '820982911946155001',
      number: '#1005',
      buyer: { kind: 'company', name: 'Papeterie du Port SARL', taxNumber: 'FR40303265045' },
      refunds: [{ amount: 1860n, transactionId: 're_3Atelier0002' }],
    });
    expect(read?.refunds[0]?.lines?.map(({ kind, gross, tax }) => [kind, gross, tax])).toEqual([
      ['item', 1680n, 280n],
      ['shipping', 180n, 30n],
    ]);
  });

  it('prefers the registration that the shop keeps to a number in the order’s notes', () => {
    const body = JSON.parse(fetchedBody('company'));
    body.order.purchasingEntity = {
      company: { name: 'Autre' },
      location: { taxSettings: { taxRegistrationId: 'DE123456788' } },
    };
    const outcome = understandText(JSON.stringify(body), 'fetched.order');
    const fact = outcome.ok && outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
    expect(fact).toMatchObject({ order: { buyer: { taxNumber: 'DE123456788', company: 'Imprimerie Arnoux SARL' } } });
  });

  it('joins the pages of its lines and of each of its refunds', () => {
    const whole = JSON.parse(fetchedBody('refunded-by-line'));
    const split = structuredClone(whole);
    const [second] = split.order.lineItems.nodes.splice(1, 1);
    split.pages = [{ lineItems: { nodes: [second] }, shippingLines: { nodes: [] } }];
    const rest = structuredClone(split.refunds[0]);
    rest.refundLineItems.nodes.splice(0, 1);
    rest.refundShippingLines.nodes = [];
    rest.transactions.nodes = [];
    split.refunds[0].refundLineItems.nodes.splice(1, 1);
    split.refunds.push(rest);
    const read = (body: unknown) => understandText(JSON.stringify(body), 'fetched.order');
    expect(read(split)).toEqual(read(whole));
  });

  it('is a problem with a path where it is no order', () => {
    for (const body of ['{}', '{"order":null}', '[]', '{"order":{},"pages":[],"refunds":[]}']) {
      expect(understandText(body, 'fetched.order')).toMatchObject({ ok: false, error: { code: 'unreadable_order' } });
    }
    const broken = fetchedBody('company').replace('gid://shopify/Order/', 'gid://shopify/Order/x');
    expect(understandText(broken, 'fetched.order')).toMatchObject({ ok: false, error: { at: 'order.id' } });
  });

  it('takes the tags as its webhook does', () => {
    expect(order('order-discount').tags).toEqual(['fidèle', 'salon de Troyes']);
    expect(fetched('order-discount')).toMatchObject({
      value: { facts: [{ order: { tags: ['fidèle', 'salon de Troyes'] } }] },
    });
  });

  it('asks for no field that the API does not have', () => {
    for (const query of [ORDER, MORE_LINES, REFUND]) expect(() => parseDocument(query)).not.toThrow();
  });
});
