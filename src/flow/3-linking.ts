// Which sale a payment is for. It names its order in one of the configured places; currency and open amount must fit.
import type { Payment } from '../domain/facts.ts';
import { formatMinor, sum } from '../domain/money.ts';
import type { SaleRef } from '../domain/order.ts';
import { type Registry, type Source, sourceByIdentity } from '../registry.ts';
import {
  type Linking,
  linkValues,
  paymentOf,
  paymentsOf,
  type SaleRow,
  saleOf,
  salesNamed,
  setLinking,
  unlinkedPayments,
} from '../store/sales.ts';
import { note } from '../store/timeline.ts';
import type { Tx } from '../store/writer.ts';

type Kind = 'transaction' | 'order_key' | 'cart' | 'number' | 'id';

/** What a value may be to the shop, in the order to try: WooCommerce's gateway writes the order's number into `order_id`. */
const KINDS: Readonly<Record<string, readonly Kind[]>> = {
  transaction: ['transaction'],
  'metadata.order_key': ['order_key'],
  'metadata.id_cart': ['cart'],
  'metadata.order_id': ['number', 'id'],
  'metadata.order_number': ['number', 'id'],
  client_reference_id: ['order_key', 'number', 'id'],
};
/** For a metadata name of the user's own choice. */
const ANY_KIND: readonly Kind[] = ['order_key', 'number', 'id', 'cart'];

/** Links a payment that has no sale yet, if exactly one fits; what is found is kept with its reason. */
export async function linkPayment(tx: Tx, registry: Registry, source: Source, id: string, now: Date): Promise<Linking> {
  const row = await paymentOf(tx, source.identity, id);
  if (row === undefined) throw new Error(`payment ${id} vanished`);
  if (row.sale_source !== null && row.sale_order_id !== null) {
    return { status: 'linked', sale: { source: row.sale_source, orderId: row.sale_order_id }, by: row.linked_by ?? '' };
  }
  const linking = await findSale(tx, registry, source, row.payment);
  await setLinking(tx, source.identity, id, linking);
  if (linking.status === 'linked') {
    const { amount, currency } = row.payment;
    await note(tx, {
      sale: linking.sale,
      at: now,
      step: 'facts',
      detail: `payment ${id} of ${formatMinor(amount, currency)} ${currency} linked by ${linking.by}`,
      eventId: row.event_id,
    });
  }
  return linking;
}

/** When an order arrives: the payments that were waiting for it. */
export async function linkWaitingPayments(tx: Tx, registry: Registry, sale: SaleRef, now: Date): Promise<void> {
  const row = await saleOf(tx, sale);
  if (row === undefined) return;
  const values = linkValues(row.order).map(({ value }) => value);
  for (const waiting of await unlinkedPayments(tx, values)) {
    const teller = sourceByIdentity(registry, waiting.source);
    if (teller !== undefined) await linkPayment(tx, registry, teller, waiting.id, now);
  }
}

async function findSale(tx: Tx, registry: Registry, source: Source, payment: Payment): Promise<Linking> {
  const shops = shopsOf(registry, source);
  if (payment.links.length === 0) return { status: 'unlinked', reason: 'names no order' };
  let misfit = 'no order of that name yet';
  for (const by of source.linking?.by ?? []) {
    for (const { value } of payment.links.filter((link) => link.by === by)) {
      for (const kind of KINDS[by] ?? ANY_KIND) {
        // The sale that was made of a payment is found by nothing but the payment itself.
        const among = kind === 'transaction' ? [...shops, source.identity] : shops;
        const named = await salesNamed(tx, [kind], value, among);
        const choice = await choose(tx, named, payment, trustIn(kind, shops));
        if (choice.kind === 'sale') return { status: 'linked', sale: choice.sale, by };
        if (choice.kind === 'several')
          return { status: 'ambiguous', reason: `${by} fits several orders: ${choice.names}` };
        if (choice.kind === 'misfit') misfit = choice.why;
      }
      // An order key belongs to one order of one shop. While that order is not here, a number may be another's.
      if (by === 'metadata.order_key') return { status: 'unlinked', reason: misfit };
    }
  }
  return { status: 'unlinked', reason: misfit };
}

/**
 * `whole`: nothing else can be meant, so that a part or too much is still this order's. `exact`: another order may bear the
 * same text (the number of another shop, an id that is another order's number), so that only the exact open amount convinces.
 */
type Trust = 'whole' | 'exact';

function trustIn(kind: Kind, shops: readonly string[]): Trust {
  if (kind === 'transaction' || kind === 'order_key') return 'whole';
  return kind === 'number' && shops.length === 1 ? 'whole' : 'exact';
}

type Choice =
  | { kind: 'none' }
  | { kind: 'sale'; sale: SaleRef }
  | { kind: 'several'; names: string }
  | { kind: 'misfit'; why: string };

/** Of the orders that a payment names, the one whose currency and open amount it fits. */
async function choose(tx: Tx, named: readonly SaleRow[], payment: Payment, trust: Trust): Promise<Choice> {
  if (named.length === 0) return { kind: 'none' };
  const sameCurrency = named.filter(({ order }) => order.currency === payment.currency);
  if (sameCurrency.length === 0) return { kind: 'misfit', why: `the order is not in ${payment.currency}` };
  const opens = await Promise.all(sameCurrency.map(async (sale) => ({ sale, open: await openAmount(tx, sale) })));
  const exact = opens.filter(({ open }) => payment.amount === open);
  const fits = exact.length > 0 || trust === 'exact' ? exact : opens.filter(({ open }) => payment.amount <= open);
  const [first, second] = fits;
  if (second !== undefined) {
    return { kind: 'several', names: fits.map(({ sale }) => `${sale.source}/${sale.order_id}`).join(', ') };
  }
  if (first !== undefined) return { kind: 'sale', sale: refOf(first.sale) };
  // Too much money for the only order it can be for is recorded there, held with both figures: it must not get lost.
  const [only, another] = opens;
  if (trust === 'whole' && only !== undefined && another === undefined) return { kind: 'sale', sale: refOf(only.sale) };
  return { kind: 'misfit', why: 'its amount is not what the order of that name has open' };
}

const refOf = (sale: SaleRow): SaleRef => ({ source: sale.source, orderId: sale.order_id });

async function openAmount(tx: Tx, sale: SaleRow): Promise<bigint> {
  const linked = await paymentsOf(tx, refOf(sale));
  return sale.order.total - sum(linked.map(({ payment }) => payment.amount));
}

function shopsOf(registry: Registry, source: Source): string[] {
  const shops = [...registry.sources.values()].filter(({ tells }) => tells === 'shop');
  const named = source.linking?.ordersFrom ?? null;
  return shops.filter(({ identity }) => named === null || named.includes(identity)).map(({ identity }) => identity);
}
