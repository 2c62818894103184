// The bodies that Abby takes, as its OpenAPI 1.90.0 types them: enums are closed, numbers are numbers, unknown keys are
// passed over.
import Big from 'big.js';
import { z } from 'zod';

export const CURRENCIES = [
  ...['EUR', 'GBP', 'CHF', 'USD', 'AUD', 'CAD', 'JPY', 'CNH', 'CZK', 'DKK', 'BGN', 'PLN'],
  ...['HUF', 'RON', 'SEK', 'NOK', 'TRY', 'BRL', 'HKD', 'ILS', 'INR', 'KRW', 'MXN'],
] as const;
export const LOCALES = ['fr', 'en', 'de', 'it', 'nl', 'pt', 'es'] as const;
export const PAYMENT_DELAYS = [
  ...['at_reception', 'end_of_month', 'seven_days', 'ten_days', 'fifteen_days'],
  ...['thirty_days', 'thirty_days_end_of_month', 'forty_five_days', 'forty_five_days_end_of_month'],
  ...['sixty_days', 'sixty_days_end_of_month', 'ninety_days', 'ninety_days_end_of_month'],
  ...['one_hundred_and_twenty_days', 'other'],
] as const;
export const PAYMENT_METHODS = [
  ...['transfer', 'direct_debit', 'credit_card', 'cheque', 'universal_employment_service_cheque'],
  ...['cash', 'paypal', 'stripe', 'other'],
] as const;
export const STATES = ['draft', 'finalized', 'signed', 'refused', 'paid'] as const;
const VAT_MENTIONS = [
  ...['not_subject', 'second_hand_good', 'art_object', 'collection_antique', 'travel_agency'],
  ...['vat_not_applicable', 'vat_not_applicable_2', 'vat_exemption', 'vat_exemption_eu_sale'],
  ...['vat_exemption_eu_service', 'vat_construction', 'vat_psychologist', 'vat_psychologist_2'],
  ...['vat_reverse_charge', 'vat_reverse_charge_2', 'vat_reverse_charge_3', 'vat_reverse_charge_4'],
  ...['vat_reduced_rate', 'vat_reduced_rate_2', 'vat_article_261c_cgi', 'vat_exemption_294_cgi'],
] as const;
const UNITS = [
  ...['unit', 'gram', 'hour', 'day', 'week', 'fixed_rate', 'year', 'character', 'line', 'license', 'article'],
  ...['month', 'kilogram', 'kilometer', 'liter', 'batch', 'meter', 'square_meter', 'cubic_meter', 'linear_meter'],
  ...['person', 'ton', 'word', 'page', 'leaflet', 'paragraph', 'minute', 'overnight_stay'],
] as const;
const PRODUCT_TYPES = [
  ...['sale_of_goods', 'service_delivery', 'commercial_or_craft_services', 'sale_of_manufactured_goods'],
  'disbursement',
] as const;
/** Per cent: the French rates and the three kinds of none. No other country's rate can be said. */
export const VAT_RATES = {
  FR_210: '2.1',
  FR_550: '5.5',
  FR_850: '8.5',
  FR_1000: '10',
  FR_2000: '20',
  FR_00HT: '0',
  FR_00UE: '0',
  FR_0HUE: '0',
} as const;
export type VatCode = keyof typeof VAT_RATES;
const COUNTRIES = new Set(
  (
    'AF AX AL DZ AS AD AO AI AQ AG AN AR AM AW AU AT AZ BS BH BD BB BY BE BZ BJ BM BT BO BQ BA BW BV BR IO BN BG BF BI KH ' +
    'CM CA CV KY CF TD CL CN CX CC CO KM CG CD CK CR CI HR CU CW CY CZ DK DJ DM DO EC EG SV GQ ER EE ET FK FO FJ FI FR GF ' +
    'PF TF GA GM GE DE GH GI GR GL GD GP GU GT GG GN GW GY HT HM VA HN HK HU IS IN ID IR IQ IE IM IL IT JM JP JE JO KZ KE ' +
    'KI KR XK KP KW KG LA LV LB LS LR LY LI LT LU MO MK MG MW MY MV ML MT MH MQ MR MU YT MX FM MD MC MN ME MS MA MZ MM NA ' +
    'NR NP NL NC NZ NI NE NG NU NF MP NO OM PK PW PS PA PG PY PE PH PN PL PT PR QA RE RO RU RW BL SH KN LC MF PM VC WS SM ' +
    'ST SA SN RS SC SL SG SX SK SI SB SO ZA GS SS ES LK SD SR SJ SZ SE CH SY TW TJ TZ TH TL TG TK TO TT TN TR TM TC TV UG ' +
    'UA AE GB US UM UY UZ VU VE VN VG VI WF EH YE ZM ZW'
  ).split(' '),
);

const text = z.string().optional();
const filled = z.string().trim().min(1, 'should not be empty');
const email = z.string().regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'must be an email');
const number = z.number().transform((value) => new Big(value));
const country = z.string().refine((code) => COUNTRIES.has(code), 'must be a valid enum value');
const cents = z
  .number()
  .int()
  .positive()
  .transform((value) => BigInt(value));
/** A milliseconds' timestamp would be a date in the far future: beyond the year 5138 it is refused. */
const seconds = z.number().int().positive().max(99_999_999_999, 'must be a timestamp in seconds');

/** The four main keys come together; all but the country may be null. */
const ClientAddress = z.object({
  address: z.string().nullable(),
  complement: z.string().nullish(),
  city: z.string().nullable(),
  zipCode: z.string().nullable(),
  state: text,
  country,
});
export type ClientAddress = z.infer<typeof ClientAddress>;

const Preferences = z.object({
  language: z.enum(LOCALES).optional(),
  currency: z.enum(CURRENCIES).optional(),
  paymentMethods: z.array(z.enum(PAYMENT_METHODS)).optional(),
});

const anyClient = {
  emails: z.array(email).optional(),
  notes: text,
  billingAddress: ClientAddress.optional(),
  deliveryAddress: ClientAddress.optional(),
  preferences: Preferences.optional(),
};

/** Whether a name may be empty text is not told; the stricter reading is taken. */
export const ContactInput = z.object({
  firstname: filled,
  lastname: filled,
  phone: text,
  jobTitle: text,
  ...anyClient,
});
export type ContactInput = z.infer<typeof ContactInput>;

export const OrganizationInput = z.object({
  name: filled,
  commercialName: text,
  siret: z
    .string()
    .regex(/^(\d{14})?$/, 'must be a SIRET number')
    .optional(),
  vatNumber: text,
  ...anyClient,
});
export type OrganizationInput = z.infer<typeof OrganizationInput>;

/** 1000 is ten per cent, or ten euros. */
const Discount = z
  .object({ mode: z.enum(['PERCENTAGE', 'AMOUNT']), amount: number })
  .refine(({ amount }) => amount.gte(0), 'must not be negative')
  .refine(({ mode, amount }) => mode === 'AMOUNT' || amount.lte(10_000), 'must not be more than 100 %');
export type Discount = z.infer<typeof Discount>;

const Line = z.object({
  productId: text,
  designation: filled,
  reference: text,
  description: text,
  unitPrice: number.refine((price) => price.round(1).eq(price), 'must not have more than one decimal of a cent'),
  quantity: number.refine((quantity) => quantity.gt(0), 'must be a positive number'),
  quantityUnit: z.enum(UNITS).nullable(),
  type: z.enum(PRODUCT_TYPES).nullable(),
  vatCode: z.custom<VatCode>((code) => typeof code === 'string' && code in VAT_RATES, 'must be a valid enum value'),
  discount: Discount.optional(),
  isDeliveryOfGoods: z.boolean().default(false),
  isTaxIncluded: z.boolean().default(false),
});
export type Line = z.infer<typeof Line>;

export const LinesInput = z.object({ lines: z.array(Line), discount: Discount.optional() });
export const LenientLinesInput = LinesInput.extend({
  lines: z.array(
    Line.extend({
      quantityUnit: z.enum(UNITS).nullable().default(null),
      type: z.enum(PRODUCT_TYPES).nullable().default(null),
    }),
  ),
});

export const TimelineInput = z
  .object({
    emittedAt: seconds,
    paymentDelay: z.enum(PAYMENT_DELAYS),
    customDueDate: seconds.optional(),
    deliveryDate: seconds.nullish(),
  })
  .refine(({ paymentDelay, customDueDate }) => paymentDelay !== 'other' || customDueDate !== undefined, {
    path: ['customDueDate'],
    message: 'is needed when the payment delay is other',
  });

/** A value, or `other` with a text of one's own. */
const clause = (...values: [string, ...string[]]) =>
  z.object({ value: z.enum([...values, 'other']), otherValue: text }).nullable();

export const MentionsInput = z
  .object({
    headerNote: z.string(),
    footerNote: z.string(),
    generalTermsAndConditionsOfSale: z.string(),
    mentionMediator: z.string(),
    paymentMethods: z.array(z.enum(PAYMENT_METHODS)),
    otherPaymentMethod: z.string(),
    vatMention: z.enum(VAT_MENTIONS),
    latePenalty: clause('three_time_legal_rate', 'bce_director_rate_plus_ten_points'),
    lumpSumCompensation: clause('forty_euros'),
    discountAdvancePayment: clause('none'),
    isOnlinePaymentActivated: z.boolean(),
  })
  .partial();
export type Mentions = z.infer<typeof MentionsInput>;

export const TitleInput = z.object({ title: z.string().nullable() });
export const LocaleInput = z.object({ locale: z.enum(LOCALES) });
export const CurrencyInput = z.object({ currency: z.enum(CURRENCIES), currencyRate: z.number().positive().optional() });

const DocumentAddress = z.object({ line1: z.string(), line2: text, city: z.string(), zipCode: z.string(), country });
export type DocumentAddress = z.infer<typeof DocumentAddress>;
export const DeliveryAddressInput = z.object({
  deliveryAddress: DocumentAddress.nullable(),
  displayDeliveryAddress: z.boolean(),
});

export const EmailInput = z.object({
  emails: z.array(email).min(1).max(10),
  subject: z.string().max(255),
  content: z.string(),
  inCopy: z.boolean().default(false),
});

/** In no document: as public clients send it. */
export const PaymentsInput = z.object({
  payments: z
    .array(
      z.object({
        amount: cents,
        receivedAt: z.iso.date(),
        method: z.enum(PAYMENT_METHODS),
        transactionId: text,
      }),
    )
    .min(1),
});
