// The same business in three simulated shops: an order of two pieces, which may lose one before it is paid, and money that goes
// back. Amounts are in cents, tax included.
import type { PrestaShopShop } from '../simulators/prestashop.ts';
import type { ShopifyShop } from '../simulators/shopify.ts';
import type { WooShop } from '../simulators/woocommerce.ts';

/** `whole`: both pieces; `piece`: one of them; `amount`: five euros for nothing in particular. */
export type GivenBack = 'whole' | 'piece' | 'amount';

export type Till = {
  /** Two pieces, still to be paid; the order's id. */
  place(cents: number): string;
  /** One piece leaves the order, whose pieces cost this much. */
  takeOne(id: string, cents: number): void;
  pay(id: string, payment?: string): void;
  /** `refund` is Stripe's id, where the shop asked Stripe for it. */
  giveBack(id: string, what: GivenBack, refund?: string): void;
  cancel(id: string): void;
  /** What the shop's gateway writes into a payment at Stripe. */
  metadata(id: string): Record<string, string>;
};

export const AMOUNT = 500;
const PIECES = { whole: 2, piece: 1 };

const euro = (cents: number): string => (cents / 100).toFixed(2);

export const wooTill = (shop: WooShop): Till => ({
  place: (cents) => String(shop.place({ lines: [{ price: euro(cents), quantity: 2 }] })),
  takeOne: (id, cents) => shop.edit(Number(id), { lines: [{ price: euro(cents), quantity: 1 }] }),
  pay: (id, payment) => shop.pay(Number(id), payment),
  giveBack: (id, what, refund) => {
    const [line = 0] = shop.lines(Number(id));
    const given = what === 'amount' ? { amount: euro(AMOUNT) } : { lines: [{ line, quantity: PIECES[what] }] };
    shop.refund(Number(id), { ...given, ...(refund !== undefined && { gatewayId: refund }) });
  },
  cancel: (id) => shop.cancel(Number(id)),
  metadata: (id) => ({ order_id: id }),
});

export const shopifyTill = (shop: ShopifyShop): Till => ({
  place: (cents) => {
    const poster = { title: 'Affiche', price: euro(cents), quantity: 2, rate: '0.2' };
    return shop.place({ lines: [poster], taxesIncluded: true, status: 'pending' });
  },
  takeOne: (id) => shop.edit(id, [{ line: 0, quantity: 1 }]),
  pay: (id) => shop.pay(id),
  giveBack: (id, what, refund) => {
    const given = what === 'amount' ? { amount: euro(AMOUNT) } : { lines: [{ line: 0, quantity: PIECES[what] }] };
    shop.refund(id, { ...given, ...(refund !== undefined && { authorization: refund }) });
  },
  cancel: (id) => shop.cancel(id),
  metadata: (id) => ({ order_number: String(shop.orders.get(id)?.rest.order_number) }),
});

export const prestaTill = (shop: PrestaShopShop): Till => ({
  place: (cents) => shop.place({ items: [{ name: 'Théière', gross: 2 * cents, rate: '20', quantity: 2 }] }),
  takeOne: (id, cents) => shop.edit(id, { items: [{ name: 'Théière', gross: cents, rate: '20' }] }),
  pay: (id, payment) => shop.pay(id, payment === undefined ? {} : { transaction: payment }),
  giveBack: (id, what) => {
    shop.refund(id, what === 'amount' ? { chosen: AMOUNT } : { pieces: { 0: PIECES[what] } });
  },
  cancel: (id) => shop.cancel(id),
  metadata: (id) => ({ id_cart: String(shop.order(id).id_cart) }),
});
