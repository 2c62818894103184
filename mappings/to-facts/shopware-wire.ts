// The order of Shopware's Admin API, with what belongs to it: only what is used, strict on that, blind to the rest.
// Numbers arrive as their source text (see src/domain/json.ts); amounts become exact decimals here.
import Big from 'big.js';
import { z } from 'zod';
import { listOf, text } from './wire.ts';

/** PHP writes floats: more decimals than this are their noise. */
const DECIMALS = 6;

/** Ids are UUIDs without dashes. */
const id = z.string().regex(/^[0-9a-f]{32}$/, 'expected an id of 32 hexadecimal digits');

const decimal = z
  .string()
  .regex(/^-?\d{1,12}(\.\d{1,20})?(e-\d{1,2})?$/i, 'expected an amount such as 12.4')
  .transform((value) => new Big(value).round(DECIMALS));

/** "2026-11-20T09:00:00.000+00:00", as an instant of ours. */
const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/, 'expected a date and time with its offset')
  .refine((value) => !Number.isNaN(Date.parse(value)), 'expected a date and time that exists')
  .transform((value) => new Date(value).toISOString());

/** Null until the first change. */
const changed = instant.nullish().transform((value) => value ?? null);

const dates = { createdAt: instant, updatedAt: changed };

const StateSchema = z.object({ technicalName: text(100) });

/** `price` is the part of `totalPrice` that the tax is for: tax included or not, as the order's `taxStatus` says. */
const PriceSchema = z.object({
  totalPrice: decimal,
  calculatedTaxes: listOf(z.object({ tax: decimal, taxRate: decimal, price: decimal })),
});
export type WirePrice = z.infer<typeof PriceSchema>;

const AddressSchema = z.object({
  ...dates,
  firstName: text(200),
  lastName: text(200),
  company: text(500),
  street: text(500),
  additionalAddressLine1: text(250),
  additionalAddressLine2: text(250),
  zipcode: text(500),
  city: text(500),
  phoneNumber: text(500),
  vatId: text(64),
  country: z.object({ iso: text(10) }).nullish(),
  countryState: z.object({ name: text(500) }).nullish(),
});
export type WireAddress = z.infer<typeof AddressSchema>;

/** `parentId` names the item that this one is a part of, and whose price has its own in it. */
const LineItemSchema = z.object({
  id,
  ...dates,
  parentId: id.nullish(),
  type: text(100),
  label: text(1000),
  quantity: z.string().regex(/^[1-9]\d{0,11}$/, 'expected a whole quantity'),
  price: PriceSchema,
  payload: z
    .object({ productNumber: text(200) })
    .nullish()
    .catch(null),
});
export type WireLineItem = z.infer<typeof LineItemSchema>;

const RefundSchema = z.object({
  id,
  ...dates,
  stateMachineState: StateSchema,
  amount: PriceSchema,
  reason: text(1000),
  externalReference: text(200),
  positions: listOf(
    z.object({
      orderLineItemId: id,
      quantity: z
        .string()
        .regex(/^\d{1,12}$/)
        .nullish(),
      amount: PriceSchema,
    }),
  ),
});
export type WireRefund = z.infer<typeof RefundSchema>;

const TransactionSchema = z.object({
  id,
  ...dates,
  stateMachineState: StateSchema,
  amount: PriceSchema,
  paymentMethod: z
    .object({ technicalName: text(200), formattedHandlerIdentifier: text(200), name: text(200) })
    .nullish(),
  /** Payment plugins keep anything here. */
  customFields: z.unknown(),
  captures: listOf(
    z.object({
      ...dates,
      stateMachineState: StateSchema,
      amount: PriceSchema,
      externalReference: text(200),
      refunds: listOf(RefundSchema),
    }),
  ),
});
export type WireTransaction = z.infer<typeof TransactionSchema>;

export const WireOrderSchema = z.object({
  id,
  orderNumber: text(100),
  orderDateTime: instant,
  ...dates,
  price: PriceSchema.extend({
    /** Before rounding to what can be paid in cash. */
    rawTotal: decimal.nullish(),
    taxStatus: z.enum(['gross', 'net', 'tax-free']),
  }),
  shippingCosts: PriceSchema,
  stateMachineState: StateSchema,
  currency: z.object({ isoCode: z.string() }),
  language: z.object({ locale: z.object({ code: text(20) }).nullish() }).nullish(),
  orderCustomer: z
    .object({
      ...dates,
      email: text(500),
      firstName: text(200),
      lastName: text(200),
      company: text(500),
      vatIds: listOf(text(64)),
      customerId: id.nullish(),
      /** Guests have a customer of their own, made for the one order. */
      customer: z.object({ guest: z.boolean().nullish() }).nullish(),
    })
    .nullish(),
  billingAddress: AddressSchema,
  deliveries: listOf(
    z.object({
      shippingMethod: z.object({ name: text(1000) }).nullish(),
      shippingOrderAddress: AddressSchema.nullish(),
    }),
  ),
  lineItems: z.array(LineItemSchema),
  transactions: listOf(TransactionSchema),
  documents: listOf(
    z.object({
      ...dates,
      documentNumber: text(100),
      documentType: StateSchema.nullish(),
      config: z
        .object({
          documentNumber: text(100),
          custom: z
            .object({ invoiceNumber: text(100) })
            .nullish()
            .catch(null),
        })
        .nullish()
        .catch(null),
    }),
  ),
  tags: listOf(z.object({ name: text(200) })),
});
export type WireOrder = z.infer<typeof WireOrderSchema>;
