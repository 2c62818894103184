// Reads rows that real PrestaShops answered: they are put into a simulated shop, fetched from it and understood. The rows are
// kept outside the project for their licences: PAYLOADS_DIR names a folder with one folder per source type.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { prestashop } from '../../connectors/prestashop/index.ts';
import { sum } from '../../src/domain/money.ts';
import type { Order } from '../../src/domain/order.ts';
import { callProvider } from '../../src/http-client.ts';
import { prestashopShop } from '../simulators/prestashop.ts';
import type { Resource } from '../simulators/prestashop-tables.ts';

const folder = path.join(process.env.PAYLOADS_DIR ?? '', 'prestashop');

type Row = { [column: string]: unknown };

const file = (name: string) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));

/** Fetches an order from a shop that holds these rows beside its own. */
async function orderOf(id: string, tables: Partial<Record<Resource, Row[]>>): Promise<Order> {
  const shop = await prestashopShop();
  for (const [resource, rows] of Object.entries(tables) as [Resource, Row[]][]) {
    const added = rows.map((row) => {
      const { associations, ...columns } = row as Row & { associations?: Row };
      return { ...columns, ...associations, id: String(row.id) };
    });
    shop.books.tables[resource] = [
      ...shop.books.tables[resource].filter((own) => !added.some((row) => row.id === own.id)),
      ...added,
    ];
  }
  const settings = prestashop.settings.parse({ api: { url: shop.url, key: shop.key } });
  const api = prestashop.api(settings);
  if (api === null) throw new Error('no api');
  const io = {
    http: (request: Parameters<typeof callProvider>[1]) => callProvider(api.endpoint, request, 5_000),
    now: () => new Date(0),
  };
  const fetched = await api.fetch(`order:${id}`, io);
  await shop.close();
  const finding = fetched.kind === 'found' ? fetched.items[0] : undefined;
  if (finding === undefined) throw new Error(JSON.stringify(fetched));
  const outcome = prestashop.understand({ ...finding, headers: {}, receivedAt: '' }, settings);
  const fact = outcome.ok && outcome.value.kind === 'facts' ? outcome.value.facts[0] : undefined;
  if (fact?.kind !== 'order') throw new Error(JSON.stringify(outcome));
  return fact.order;
}

if (process.env.PAYLOADS_DIR === undefined || !existsSync(folder)) {
  it.skip('orders of real PrestaShops are understood (set PAYLOADS_DIR to their folder)', () => {});
} else {
  describe('orders of real PrestaShops', () => {
    it('of 1.6 are read to the cent from the unit prices that were rounded', async () => {
      const bundle = file('order-5-bundle-webservice-1.6.json');
      const order = await orderOf('5', {
        orders: [bundle['orders/5'].order],
        order_details: ['13', '14', '15'].map((id) => ({
          ...bundle[`order_details/${id}`].order_detail,
          associations: {},
        })),
        addresses: [bundle['addresses/4'].address],
        customers: [bundle['customers/1'].customer],
        currencies: [bundle['currencies/1'].currency],
      });
      expect(order).toMatchObject({
        total: 7151n,
        doubt: null,
        paid: null,
        invoicedElsewhere: null,
        buyer: { kind: 'company', name: 'My Company', address: { country: 'US', region: 'Florida' } },
      });
      expect(order.lines.map(({ gross, rate }) => [gross, rate])).toEqual([
        [1651n, null],
        [2700n, null],
        [2600n, null],
        [200n, null],
      ]);
    });

    const demo = file('order-1-webservice-json-8.json');
    const details = [
      file('order_detail-1-webservice-json.json'),
      ...demo.associations.order_rows.slice(1).map((row: Row) => ({
        ...file('order_detail-1-webservice-json.json'),
        ...row,
        total_price_tax_incl: row.unit_price_tax_incl,
        total_price_tax_excl: row.unit_price_tax_excl,
      })),
    ];

    it('follow total_paid_tax_incl, with the shipping’s rate from its two prices', async () => {
      const order = await orderOf('1', { orders: [demo], order_details: details });
      expect(order).toMatchObject({ total: 6820n, state: 'cancelled', doubt: null });
      expect(order.lines.at(-1)).toMatchObject({ kind: 'shipping', gross: 840n, tax: 140n, rate: '20' });
      expect(sum(order.lines.map(({ gross }) => gross))).toBe(order.total);
    });

    it('have their credit slip read as it is, however odd its figures', async () => {
      const slip = file('order_slip-1-webservice-json.json');
      const order = await orderOf('1', { orders: [demo], order_details: details, order_slip: [slip] });
      expect(order.refunds).toMatchObject([{ id: '1', amount: 3200n, at: '2021-05-25T02:25:48.000Z' }]);
    });

    it('that were paid have their payment and their own invoice’s number', async () => {
      const { order_invoice, order_payment, order_state } = file(
        'order_invoice_and_payment-order-6-webservice-json.json',
      );
      const order = await orderOf('6', {
        orders: [
          {
            ...demo,
            id: '6',
            reference: order_payment.order_reference,
            current_state: '2',
            total_paid_tax_incl: order_payment.amount,
          },
        ],
        order_details: [
          {
            ...details[0],
            id: '11',
            id_order: '6',
            total_price_tax_incl: '27.320000',
            total_price_tax_excl: '27.320000',
          },
        ],
        order_invoices: [order_invoice],
        order_payments: [order_payment],
        order_states: [order_state],
      });
      expect(order).toMatchObject({
        number: 'ZQXARYQUL',
        status: 'Payment accepted',
        invoicedElsewhere: '1',
        paid: { amount: 3572n, mode: 'cheque', at: '2023-04-24T08:16:59.000Z' },
        doubt: null,
      });
    });
  });
}
