// What a WooCommerce shop gave back. An order names its refunds with an amount each; their lines are a resource of their
// own, in which everything that was taken back stands below zero.
import Big from 'big.js';
import { roundMinor } from '../../src/domain/money.ts';
import type { OrderLine, RefundClaim, RefundLine } from '../../src/domain/order.ts';
import { ok, type Result } from '../../src/domain/result.ts';
import { settleLines } from './lines.ts';
import { instantAt } from './woocommerce-dates.ts';
import { readLines, type Unit, unitOf } from './woocommerce-lines.ts';
import { metaOf, type WireMeta, type WireOrder, type WirePart, type WireRefund } from './woocommerce-wire.ts';

/** Meta of a refund under which gateways keep their own id of it. */
const TRANSACTION_KEYS = ['_stripe_refund_id', '_wcpay_refund_id', '_transaction_id'];

/** Meta of a refund's line: the line of the order that it takes back. */
const REFUNDED_ITEM_KEY = '_refunded_item_id';

/**
 * Every refund of the order, with its lines where its details are known. A refund of nothing only restocks goods and is
 * left out. Fails with `unreadable_date`.
 */
export function readRefunds(
  order: WireOrder,
  details: readonly WireRefund[],
  lines: readonly OrderLine[],
): Result<RefundClaim[]> {
  const unit = unitOf(order);
  const stubs = order.refunds ?? [];
  const unlisted = details.filter(({ id }) => !stubs.some((stub) => stub.id === id));
  const claims: RefundClaim[] = [];
  for (const { id, reason, ...stub } of [...stubs, ...unlisted]) {
    const refund = details.find((one) => one.id === id);
    const amount = roundMinor(new Big('total' in stub ? stub.total : stub.amount).abs().times(unit.perMajor));
    if (amount === 0n) continue;
    const at = refund === undefined ? ok(null) : dateOf(refund);
    if (!at.ok) return at;
    claims.push({
      id,
      amount: amount * unit.inMinor,
      at: at.value,
      reason,
      lines: refund === undefined ? null : linesOf(order, refund, amount, unit, lines),
      transactionId: refund === undefined ? null : transactionOf(order, refund),
    });
  }
  return ok(claims);
}

const dateOf = (refund: WireRefund): Result<string> =>
  instantAt(`refunds.${refund.id}.date_created_gmt`, refund.date_created_gmt ?? refund.date_created);

/**
 * The lines of a refund in the order's own words and rates. Where the shop returned exactly these they add up to the amount;
 * where it returned more or less (a fee kept, an amount typed by hand) they are what the shop says, each rounded by itself.
 */
function linesOf(
  order: WireOrder,
  refund: WireRefund,
  amount: bigint,
  { perMajor, inMinor }: Unit,
  lines: readonly OrderLine[],
): RefundLine[] {
  const ownOf = (id: string): OrderLine | undefined => lines.find((line) => line.id === id);
  const taken = readLines(mirrored(order, refund), perMajor).map(({ line }) => {
    const own = ownOf(line.id);
    // The rate is the one that was charged: the shop may have typed an amount without its tax.
    return own === undefined ? line : { ...line, kind: own.kind, name: own.name, rate: own.rate };
  });
  return settleLines(taken, amount)
    .lines.filter(({ gross }) => gross !== 0n)
    .map(({ id, kind, name, quantity, gross, tax, rate }) => ({
      lineId: ownOf(id)?.id ?? null,
      kind,
      name,
      quantity,
      gross: gross * inMinor,
      tax: tax * inMinor,
      rate,
    }));
}

/** The refund as if it were an order: its amounts turned round, each part under the id of the one that it takes back. */
function mirrored(order: WireOrder, refund: WireRefund): WireOrder {
  return {
    ...order,
    line_items: refund.line_items.map((item) => ({
      ...item,
      ...turned(item),
      // An amount given back for a line, with no piece of it, is one thing given back.
      quantity: /^-?[0.]+$/.test(item.quantity) ? '1' : item.quantity.replace('-', ''),
      price: item.price?.replace('-', ''),
    })),
    shipping_lines: refund.shipping_lines.map((part) => ({ ...part, ...turned(part) })),
    fee_lines: refund.fee_lines.map((part) => ({ ...part, ...turned(part) })),
  };
}

const turned = (part: WirePart & { meta_data: WireMeta }): WirePart => ({
  id: metaOf(part.meta_data, REFUNDED_ITEM_KEY) || part.id,
  total: negated(part.total),
  total_tax: negated(part.total_tax),
  taxes: part.taxes.map(({ id, total }) => ({ id, total: total ? negated(total) : total })),
});

/** Turned as text, so that the decimals shown stay what they are. */
const negated = (amount: string): string => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`);

/** Stripe's plugin notes the id with the order, the last one alone: it is this refund's only where there is no other. */
function transactionOf(order: WireOrder, refund: WireRefund): string | null {
  const own = TRANSACTION_KEYS.map((key) => metaOf(refund.meta_data, key)).find((id) => id !== '');
  if (own !== undefined) return own;
  const only = refund.refunded_payment === true && order.refunds?.length === 1;
  return (only && metaOf(order.meta_data, '_stripe_refund_id')) || null;
}
