// The order as JSON that people and other systems write: amounts in major units, snake_case, rates in percent. It is what the
// `standard` source receives and what a user's mapping sees and answers. Described for people in docs/standard-order.md.
import { z } from 'zod';
import { BuyerSchema } from '../domain/buyer.ts';
import { isCurrency } from '../domain/money.ts';
import { OrderLineSchema, OrderSchema, PaymentModeSchema } from '../domain/order.ts';
import { amount, decimal, EITHER, id, instant, named, oneOf, quantity, rate, text } from './standard-fields.ts';

type ObjectOf = <T extends z.core.$ZodLooseShape>(shape: T) => z.ZodObject<z.core.util.Writeable<T>>;

/**
 * The schema of an order. `object` says what becomes of keys that it does not have: ignored in what a system sends, because
 * it may say more than is asked; refused in what a mapping answers, because there they are slips.
 */
function schemaOf(object: ObjectOf) {
  const amounts = {
    gross: amount('what the buyer pays for the whole line, tax included').nullish(),
    net: amount('the whole line without tax').nullish(),
    tax: amount('the tax of the whole line').nullish(),
  };
  const sayEitherAmount = { anyOf: [{ required: ['gross'] }, { required: ['net', 'tax'] }] };

  const Line = object({
    id: id('an id that no other line of the order has').describe('Its id, the same each time the order is told.'),
    kind: oneOf(OrderLineSchema.shape.kind.options).nullish().describe('What it is; without it: item.'),
    name: named(1000, 'what was sold').describe('What was sold, as the invoice says it.'),
    sku: text(200).nullish().describe('The article’s number.'),
    quantity: quantity.describe('How many; 1 for shipping and fees.'),
    gross: amounts.gross.describe('What the buyer pays for the whole line: tax included, discounts taken off.'),
    net: amounts.net.describe('In place of gross: the whole line without tax, discounts taken off. Needs tax.'),
    tax: amounts.tax.describe('The tax in it. Beside gross it may be left out: then it is worked out from the rate.'),
    rate: rate.describe('Tax rate in percent, or "none" where the line bears no tax.'),
    discount: amount('the discount that is already taken off').nullish().describe('Discount taken off, tax included.'),
  }).meta(sayEitherAmount);

  const RefundLine = object({
    line_id: text(100).meta(EITHER).nullish().describe('The order’s line that it takes back.'),
    kind: oneOf(OrderLineSchema.shape.kind.options).nullish().describe('Without it: as the line.'),
    name: text(1000).nullish().describe('Without it: as the line.'),
    quantity: quantity.describe('How many were given back.'),
    gross: amounts.gross.describe('What is given back for it, tax included.'),
    net: amounts.net.describe('In place of gross: without tax. Needs tax.'),
    tax: amounts.tax.describe('The tax in it. Beside gross it may be left out.'),
    rate: rate.nullish().describe('Without it: as the line.'),
  }).meta(sayEitherAmount);

  const Refund = object({
    id: id('an id that no other refund of the order has').describe('Its id.'),
    amount: amount('the money that was returned').describe('The money that was returned, positive.'),
    at: instant('when it was returned').nullish().describe('When.'),
    reason: text(1000).nullish().describe('Why, in words for people.'),
    transaction_id: text(200).meta(EITHER).nullish().describe('The payment service’s own id of the refund.'),
    lines: z
      .array(RefundLine, 'write a list of lines')
      .nullish()
      .describe('What was given back. Empty: an amount only. Without it: not said.'),
  });

  const Paid = object({
    amount: amount('what was paid').describe('What was paid.'),
    at: instant('when it was paid').describe('When.'),
    mode: oneOf(PaymentModeSchema.options).describe('How.'),
    method: text(200).nullish().describe('Your own word for the payment method.'),
    title: text(200).nullish().describe('The same for people.'),
    transaction_id: text(200).meta(EITHER).nullish().describe('The payment service’s id of the payment.'),
  });

  const Address = object({
    name: text(500).nullish().describe('Who is there; without it: the buyer’s name.'),
    line1: text(500).nullish().describe('Street and number.'),
    line2: text(500).nullish(),
    post_code: text(500).meta(EITHER).nullish(),
    city: text(500).nullish(),
    region: text(500).nullish(),
    country: text(2)
      .regex(/^([A-Z]{2})?$/, 'write the country as two capital letters, such as FR')
      .nullish()
      .describe('ISO 3166-1 alpha-2.'),
  });

  const Buyer = object({
    customer_id: text(500).meta(EITHER).nullish().describe('Your own id of the customer; none for a guest.'),
    kind: oneOf(BuyerSchema.shape.kind.options)
      .nullish()
      .describe('Without it: a company if company or tax_number is said, else a person.'),
    name: text(500)
      .nullish()
      .describe('Whom the invoice addresses; without it: the company, else first and last name.'),
    company: text(500).nullish(),
    first_name: text(500).nullish(),
    last_name: text(500).nullish(),
    email: text(320).nullish(),
    phone: text(500).meta(EITHER).nullish(),
    tax_number: text(64).meta(EITHER).nullish().describe('VAT number, or a national one such as a SIREN.'),
    address: Address.describe('The billing address.'),
    delivery_address: Address.nullish().describe('Where goods go, if elsewhere.'),
  });

  return object({
    id: id('the order’s id').describe('Your own id of the order: one invoice for each.'),
    number: id('the order’s number').nullish().describe('What people call it; without it: the id.'),
    updated_at: instant('when the order last changed').describe('When the order last changed: the latest state rules.'),
    placed_at: instant('when the order was placed').describe('When it was placed.'),
    currency: z
      .string('write the currency’s ISO 4217 code, such as EUR')
      .refine(isCurrency, 'write the currency’s ISO 4217 code, such as EUR')
      .describe('ISO 4217.'),
    total: amount('what the whole order costs, tax included').describe('What the whole order costs, tax included.'),
    lines: z.array(Line, 'write the list of what was sold').describe('What was sold, with shipping and fees.'),
    buyer: Buyer.describe('Who buys.'),
    paid: Paid.nullish().describe('What has been paid; without it: nothing yet.'),
    payment_method: text(200).nullish().describe('The method chosen; without it: that of paid.'),
    refunds: z.array(Refund, 'write a list of refunds').nullish().describe('Money returned so far, each refund once.'),
    lists_all_refunds: z
      .boolean('write true or false')
      .nullish()
      .describe('true: a refund that is no longer listed has been taken back.'),
    state: oneOf(OrderSchema.shape.state.options).nullish().describe('Without it: open.'),
    status: text(100).nullish().describe('Your own word for the state; without it: state.'),
    rank: decimal(/^\d{1,3}$/, 'a whole number')
      .nullish()
      .describe(
        'Which of two states with the same updated_at is the later; without it: told from what is paid and returned.',
      ),
    language: text(20).nullish().describe('The buyer’s language, such as fr or pt-BR.'),
    tags: z.array(text(200), 'write a list of texts').nullish(),
    transactions: z
      .array(text(200).meta(EITHER), 'write a list of ids')
      .nullish()
      .describe('Ids of payments for it at the payment service.'),
    aliases: z
      .array(text(200).meta(EITHER), 'write a list of texts')
      .nullish()
      .describe('Other names under which a payment may name it.'),
    order_key: text(200).meta(EITHER).nullish().describe('A secret key of the order that a payment may name.'),
    cart_id: text(200).meta(EITHER).nullish().describe('The cart’s id that a payment may name.'),
    test: z.boolean('write true or false').nullish().describe('true: a test order, never invoiced.'),
    invoiced_elsewhere: text(200)
      .meta(EITHER)
      .nullish()
      .describe('Number of the invoice that you have issued yourself: none is made.'),
    doubt: object({
      code: z.string('write a code').regex(/^[a-z_]{1,50}$/, 'write a code of small letters and _'),
      detail: text(1000),
    })
      .nullish()
      .describe('Why a person has to look before it is invoiced.'),
  });
}

/** What a system sends: keys that are not known are ignored. */
export const StandardOrderSchema = schemaOf(z.object);
export type StandardOrder = z.infer<typeof StandardOrderSchema>;
export type StandardLine = StandardOrder['lines'][number];
export type StandardRefund = NonNullable<StandardOrder['refunds']>[number];
export type StandardBuyer = StandardOrder['buyer'];
export type StandardAddress = StandardBuyer['address'];

/** What a mapping answers: a key that is not known is a slip. */
export const MappedOrderSchema = schemaOf(z.strictObject);

/** JSON Schema (draft 7) of what a system sends, published as docs/standard-order.schema.json. */
export function standardOrderJsonSchema(): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(StandardOrderSchema.meta({ title: 'Order' }), {
    io: 'input',
    target: 'draft-7',
    // The pattern of a date says no more than its format, in four lines.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
}
