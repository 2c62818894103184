// The order of WooCommerce's REST API v3, as its webhooks and lists carry it, and its refunds: only what is used, strict on
// that, blind to the rest.
// Numbers arrive as their source text (see src/domain/json.ts), so amounts here are text and ids are strings.
import { z } from 'zod';
import { listOf, oneLine } from './wire.ts';

/** Longer than anything of use in an order's meta. */
const MAX_META = 10_000;

/** Shops store names with HTML entities, and plugins add control characters. */
const text = (max: number) =>
  z
    .string()
    .nullish()
    .transform((value) => oneLine(decoded(value ?? ''), max));

const id = z.string().min(1).max(100);
const amount = z.string().regex(/^-?\d{1,12}(\.\d{1,12})?$/, 'expected an amount such as "12.40"');
const instant = z.string().nullish();

const AddressSchema = z.looseObject({
  first_name: text(200),
  last_name: text(200),
  company: text(500),
  address_1: text(500),
  address_2: text(500),
  city: text(500),
  state: text(500),
  postcode: text(500),
  country: text(10),
  email: text(500),
  phone: text(500),
});
export type WireAddress = z.infer<typeof AddressSchema>;

/** Plugins keep anything in meta; only texts are of use here. */
const MetaSchema = listOf(z.object({ key: z.string(), value: z.unknown() }).nullable().catch(null)).transform(
  (entries) =>
    entries.flatMap((entry) =>
      typeof entry?.value === 'string' ? [{ key: entry.key, value: oneLine(decoded(entry.value), MAX_META) }] : [],
    ),
);

/** `total` is the raw stored tax with six or more decimals; empty where the rate does not apply. */
const TaxSchema = z.object({ id, total: z.union([amount, z.literal('')]).nullish() });

const part = { id, total: amount, total_tax: amount, taxes: listOf(TaxSchema) };

const ItemSchema = z
  .object({
    ...part,
    name: text(1000),
    sku: text(200),
    quantity: z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, 'expected a quantity such as "2"'),
    /** Net unit price as an unrounded number, with the noise of a float; never more than a hint. */
    price: z.string().nullish(),
    subtotal: amount.nullish(),
    subtotal_tax: amount.nullish(),
    meta_data: MetaSchema,
  })
  .refine((item) => !/^[0.]+$/.test(item.quantity) || /^-?[0.]+$/.test(item.total), {
    path: ['quantity'],
    message: 'a line of no pieces has a price',
  });

/** What an order says of each of its refunds. `total` is negative: money that was returned. */
const RefundStubSchema = z.object({ id, reason: text(1000), total: amount });

/** A part of a refund: amounts and quantity are negative where the order's are positive. */
const refundPart = { ...part, meta_data: MetaSchema };

/** A refund as `/orders/<id>/refunds` shows it. `amount` is what was returned, positive; its lines are not always that much. */
export const WireRefundSchema = z.object({
  id,
  amount,
  reason: text(1000),
  date_created: instant,
  date_created_gmt: instant,
  /** Whether the gateway was asked to return the money. */
  refunded_payment: z.boolean().nullish(),
  meta_data: MetaSchema,
  line_items: listOf(
    z.object({
      ...refundPart,
      name: text(1000),
      sku: text(200),
      quantity: z.string().regex(/^-?\d{1,12}(\.\d{1,12})?$/, 'expected a quantity such as "-2"'),
      price: z.string().nullish(),
    }),
  ),
  shipping_lines: listOf(z.object({ ...refundPart, method_title: text(1000), method_id: text(200) })),
  fee_lines: listOf(z.object({ ...refundPart, name: text(1000) })),
});
export type WireRefund = z.infer<typeof WireRefundSchema>;

export const WireOrderSchema = z.object({
  id,
  number: text(100),
  order_key: text(200),
  created_via: text(200),
  status: text(100),
  currency: z.string(),
  customer_id: z.string().nullish(),
  date_created: instant,
  date_created_gmt: instant,
  date_modified: instant,
  date_modified_gmt: instant,
  date_paid_gmt: instant,
  total: amount,
  payment_method: text(200),
  payment_method_title: text(200),
  transaction_id: text(200),
  billing: AddressSchema,
  shipping: AddressSchema.nullish(),
  meta_data: MetaSchema,
  line_items: z.array(ItemSchema),
  shipping_lines: listOf(z.object({ ...part, method_title: text(1000), method_id: text(200) })),
  fee_lines: listOf(z.object({ ...part, name: text(1000) })),
  tax_lines: listOf(z.object({ rate_id: id, rate_percent: z.string().nullish() })),
  /** Every refund of the order; missing where an old store does not list them. */
  refunds: z.array(RefundStubSchema).nullish(),
  gift_cards: listOf(z.object({ amount })),
  /** Polylang's REST field. */
  lang: text(20),
});
export type WireOrder = z.infer<typeof WireOrderSchema>;
export type WireMeta = WireOrder['meta_data'];
export type WireItem = z.infer<typeof ItemSchema>;
export type WirePart = Pick<WireItem, 'id' | 'total' | 'total_tax' | 'taxes'>;

/** The value of the first entry under this key, cut to what any name or id needs; empty where there is none. */
export const metaOf = (meta: WireMeta, key: string): string =>
  meta.find((entry) => entry.key === key)?.value.slice(0, 100) ?? '';

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['times', '×'],
  ['ndash', '–'],
  ['mdash', '—'],
  ['hellip', '…'],
  ['euro', '€'],
]);

/** HTML entities as the characters that they stand for, decoded once. */
const decoded = (raw: string): string =>
  raw.replace(
    /&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]{2,6}));/gi,
    (entity, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES.get(name.toLowerCase()) ?? entity;
      return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex ?? '20', 16) : Number(decimal));
    },
  );
