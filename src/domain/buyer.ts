// Who pays, in the words of an invoice. The original text of the shop is kept; cleaning for a provider happens in mappings.
import { z } from 'zod';

const text = z.string().max(500);

export const AddressSchema = z.object({
  name: text,
  line1: text,
  line2: text,
  postCode: text,
  city: text,
  region: text,
  /** ISO 3166-1 alpha-2, or empty when the shop did not say. */
  country: z.string().regex(/^([A-Z]{2})?$/),
});
export type Address = z.infer<typeof AddressSchema>;

export const BuyerSchema = z.object({
  /** The shop's own customer id; null for a guest. */
  customerId: z.string().nullable(),
  kind: z.enum(['person', 'company']),
  /** What the invoice is addressed to: the company, else first and last name. Never empty. */
  name: text.min(1),
  company: text,
  firstName: text,
  lastName: text,
  /** As the shop wrote it; compare through `normalEmail`. */
  email: z.string().max(320).nullable(),
  phone: text,
  /** As the shop wrote it; compare through `taxNumberForms`. */
  taxNumber: z.string().max(64).nullable(),
  address: AddressSchema,
  /** Where the goods go, when it differs from `address`. */
  delivery: AddressSchema.nullable(),
});
export type Buyer = z.infer<typeof BuyerSchema>;
