// Every key of bridge.yaml that is not a connector's own: form, default and meaning. docs/configuration.md and the editor
// schema are checked against this file.
import { z } from 'zod';
import { CLIENT_KEYS } from '../domain/client.ts';
import { DocumentsSchema } from './documents.ts';
import { RoutesSchema } from './routes.ts';
import { CountrySchema, DurationSchema, FlagSchema, NameSchema, SizeSchema, StartAtSchema, whole } from './units.ts';

/** Timers of the runtime wrap around above 24 days; no provider is worth waiting for longer than this. */
const LONGEST_TIMEOUT_MS = 600_000;
const MIN_TOKEN_LENGTH = 8;

const texts = z.array(z.string().min(1));

export const ServerSchema = z
  .strictObject({
    host: z.string().min(1).prefault('127.0.0.1').describe('Address to listen on.'),
    port: whole(0, 65_535).prefault(8080).describe('Port to listen on; 0 takes any free one.'),
    body_limit: SizeSchema.prefault('2mb').describe('Largest delivery accepted; more is answered 413.'),
  })
  .prefault({})
  .describe('Where the bridge listens.');

const DATABASE = 'expected sqlite:PATH or postgres://user:password@host:5432/name';

export const DatabaseSchema = z
  .string(DATABASE)
  .refine((text) => isSqliteFile(text) || isPostgresUrl(text), DATABASE)
  .prefault('sqlite:./data/bridge.db')
  .describe('Where everything is kept: `sqlite:PATH` or `postgres://…`.');

// A database in memory would lose acknowledged deliveries.
const isSqliteFile = (text: string): boolean => /^sqlite:(?!:memory:|\s*$)/.test(text);
const isPostgresUrl = (text: string): boolean => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text);

export const AdminSchema = z
  .strictObject({
    token: z
      .union([
        z.literal(''),
        z.string().min(MIN_TOKEN_LENGTH, `expected a token of at least ${MIN_TOKEN_LENGTH} characters`),
      ])
      .prefault('')
      .describe('Token of the admin API and page; empty: one is drawn at the first start and kept.'),
  })
  .prefault({})
  .describe('The admin API and page.');

export const PausedSchema = FlagSchema.prefault(false).describe('true: receive and store, do nothing else.');

export const SellerSchema = z
  .strictObject({
    country: CountrySchema.prefault('FR').describe('Country the seller is taxed in, ISO 3166.'),
    time_zone: z
      .string()
      .refine(isTimeZone, 'expected a time zone such as Europe/Paris')
      .prefault('Europe/Paris')
      .describe('Zone in which the dates of documents are read.'),
    vat_number: z.string().prefault('').describe('The seller’s VAT number; empty: none.'),
    regime: z.enum(['normal', 'franchise']).prefault('normal').describe('`franchise`: sells without VAT.'),
    oss: FlagSchema.prefault(false).describe('Registered for the EU’s One-Stop-Shop.'),
    sells: z.enum(['goods', 'services', 'mixed']).prefault('goods').describe('What is sold.'),
  })
  .prefault({})
  .describe('Who sells.');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const skip = {
  statuses: texts.prefault([]).describe('The shop’s own words for an order’s state.'),
  payment_methods: texts.prefault([]).describe('The shop’s payment method ids.'),
  tags: texts.prefault([]).describe('Tags of the order.'),
  emails: texts.prefault([]).describe('E-mail addresses of the buyer.'),
};

const invoicing = {
  when: z
    .enum(['paid', 'placed'])
    .prefault('paid')
    .describe('What calls for an invoice: money received, or the order.'),
  finalize: FlagSchema.prefault(true).describe('false: leave drafts, where the provider has them.'),
  approve: FlagSchema.prefault(false).describe('true: each document waits until a person releases it.'),
  send: z
    .array(z.enum(['email']))
    .refine(isUnique, 'expected each way of sending once')
    .prefault([])
    .describe('How the provider sends the invoice to the buyer: `[email]`, or not at all.'),
  rounding: z
    .enum(['line', 'hold'])
    .prefault('line')
    .describe('Where no exact form exists: one visible line of at most one minor unit per VAT rate, or hold.'),
  zero_total: z.enum(['ignore', 'invoice']).prefault('ignore').describe('What becomes of an order that costs nothing.'),
  on_edit: z
    .enum(['hold', 'reissue'])
    .prefault('hold')
    .describe('An order edited after its invoice: wait for a person, or credit the invoice and issue another.'),
};

export const InvoicingSchema = z
  .strictObject({ ...invoicing, skip: z.strictObject(skip).prefault({}).describe('Orders that are never invoiced.') })
  .prefault({})
  .describe('What is invoiced, and how. A source may have its own.');

/** A source's own block: what it leaves out is the general value, list by list for `skip`. */
export const OwnInvoicingSchema = z.strictObject({
  ...withoutDefaults(invoicing),
  skip: z.strictObject(withoutDefaults(skip)).exactOptional(),
});

const TEMPLATE_PARTS = ['source', 'customer.id', 'customer.email'];
const TEMPLATE = `expected a template of ${TEMPLATE_PARTS.map((part) => `{${part}}`).join(', ')} and fixed text`;

export const MatchingSchema = z
  .strictObject({
    by: z
      .array(z.enum(CLIENT_KEYS))
      .min(1, `expected at least one of ${CLIENT_KEYS.join(', ')}`)
      .refine(isUnique, 'expected each key once')
      .prefault([...CLIENT_KEYS])
      .describe('Keys by which a buyer is found among the provider’s clients, strongest first.'),
    external_id: z
      .string()
      .refine(isTemplate, TEMPLATE)
      .refine(
        namesCustomer,
        'expected {customer.id} or {customer.email} in it: without one, all buyers would share a client',
      )
      .prefault('{source}-{customer.id}')
      .describe('How a client’s external id is made; a missing, empty or 0 part gives none.'),
    on_missing: z.enum(['create', 'hold']).prefault('create').describe('No client is found.'),
    on_ambiguous: z.enum(['hold', 'first']).prefault('hold').describe('Several clients are found.'),
    on_difference: z
      .enum(['fill', 'update', 'hold', 'create'])
      .prefault('fill')
      .describe('The client found differs: fill its empty fields only, overwrite, hold, or make another.'),
  })
  .prefault({})
  .describe('How a buyer becomes a client of the provider.');

function isTemplate(text: string): boolean {
  const fixed = text.replace(/\{([^{}]*)\}/g, (written, part: string) =>
    TEMPLATE_PARTS.includes(part) ? '' : written,
  );
  return !/[{}]/.test(fixed);
}

function namesCustomer(text: string): boolean {
  return text.includes('{customer.');
}

const retry = {
  base: DurationSchema.prefault('2s').describe('Wait before the second attempt; doubles from there.'),
  cap: DurationSchema.prefault('1h').describe('Longest wait between attempts.'),
  give_up_after: DurationSchema.prefault('72h').describe('Held after this much time in which the provider answered.'),
};

const delivery = {
  timeout: DurationSchema.refine((ms) => ms <= LONGEST_TIMEOUT_MS, 'expected at most 10m')
    .prefault('30s')
    .describe('For one whole answer of a provider.'),
  lease: DurationSchema.prefault('2m').describe('How long a worker owns a job; longer than `timeout`.'),
  quarantine: DurationSchema.prefault('5m').describe('Wait before an unknown outcome is looked up, from its deadline.'),
  refund_grace: DurationSchema.prefault('1h').describe(
    'How long a refund at Stripe waits for the shop to tell its lines.',
  ),
};

export const DeliverySchema = z
  .strictObject({ ...delivery, retry: z.strictObject(retry).prefault({}).describe('How often a job is tried again.') })
  .prefault({})
  .describe('How patiently a provider is asked. A provider may have its own.');

/** A provider's own block: what it leaves out is the general value. */
export const OwnDeliverySchema = z.strictObject({
  ...withoutDefaults(delivery),
  retry: z.strictObject(withoutDefaults(retry)).exactOptional(),
});

/** The keys that every source has; all others are its connector's settings. */
export const SourceKeysSchema = z.strictObject({
  type: z.string().describe('The kind of sender.'),
  provider: NameSchema.describe('Name of the provider that makes this source’s invoices, where no route fits.'),
  routes: RoutesSchema,
  start_at: StartAtSchema.exactOptional().describe(
    'Orders placed before this instant are ignored; `all`: no line. Without it: the first start with this source.',
  ),
  formerly: NameSchema.exactOptional().describe('The name this source had before it was renamed.'),
  shop: z
    .string()
    .min(1)
    .exactOptional()
    .describe('The shop it is bound to, as the shop names itself. Without it: the first one heard.'),
  paused: PausedSchema,
  mapping: z
    .string()
    .min(1)
    .exactOptional()
    .describe('A JSONata file of your own that corrects what this source’s deliveries mean, or tells it.'),
  reconcile: z
    .strictObject({ every: DurationSchema.describe('How often the shop is asked for what no delivery told.') })
    .exactOptional()
    .describe('How the source’s API is looked through. Without it: as the connector has it.'),
  write_back: FlagSchema.prefault(false).describe(
    'true: leave the number and the link of each document with the order at the shop, or with the payment.',
  ),
  invoicing: OwnInvoicingSchema.exactOptional().describe('This source’s own `invoicing` keys, over the general ones.'),
});

/** The keys that every provider has; all others are its connector's settings. */
export const ProviderKeysSchema = z.strictObject({
  type: z.string().describe('The kind of provider.'),
  rate_limit: z
    .strictObject({
      requests: whole(1, 1_000_000).describe('Requests allowed in the time `per`.'),
      per: DurationSchema.describe('The sliding window.'),
      per_day: whole(1, 100_000_000).exactOptional().describe('Requests a day. Without it: as the connector has it.'),
      concurrency: whole(1, 64).exactOptional().describe('Requests at a time. Without it: as the connector has it.'),
    })
    .exactOptional()
    .describe('The account’s budget, in place of the connector’s own.'),
  delivery: OwnDeliverySchema.exactOptional().describe('This provider’s own `delivery` keys, over the general ones.'),
  documents: DocumentsSchema,
  on_uncertain: z
    .enum(['hold', 'resend'])
    .prefault('hold')
    .describe('A document that may exist and is not found: wait for a person, or send it again.'),
  paused: PausedSchema,
});

/** The blocks of the file, besides `providers` and `sources`, whose entries need the connectors to be read. */
export const BLOCKS = {
  server: ServerSchema,
  database: DatabaseSchema,
  admin: AdminSchema,
  paused: PausedSchema,
  seller: SellerSchema,
  invoicing: InvoicingSchema,
  matching: MatchingSchema,
  delivery: DeliverySchema,
};

/** Knows the keys at the top of the file and nothing of what is in them. */
export const TopSchema = z.strictObject(
  Object.fromEntries([...Object.keys(BLOCKS), 'providers', 'sources'].map((key) => [key, z.unknown().optional()])),
);

function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

type WithoutDefaults<S extends Record<string, z.ZodPrefault>> = {
  [Key in keyof S]: z.ZodExactOptional<ReturnType<S[Key]['unwrap']>>;
};

/** The same keys, each left out when it is not written. */
function withoutDefaults<S extends Record<string, z.ZodPrefault>>(shape: S): WithoutDefaults<S> {
  const entries = Object.entries(shape).map(([key, schema]) => {
    const bare = z.exactOptional(schema.unwrap());
    return [key, schema.description === undefined ? bare : bare.describe(schema.description)];
  });
  // The compiler does not follow keys through `fromEntries`; every key of the shape is mapped above.
  return Object.fromEntries(entries) as WithoutDefaults<S>;
}
