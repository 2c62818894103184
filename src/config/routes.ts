// `routes:` of a source: orders that go to another provider than the source's own. The first that fits wins.
import { z } from 'zod';
import type { Route } from '../registry.ts';
import { CountrySchema, CurrencySchema, NameSchema } from './units.ts';

const LONGEST_LIST = 100;

const RouteSchema = z
  .strictObject({
    countries: z
      .array(CountrySchema)
      .min(1)
      .exactOptional()
      .describe('Countries of the buyer’s address, ISO 3166. Without it: all.'),
    currencies: z
      .array(CurrencySchema)
      .min(1)
      .exactOptional()
      .describe('Currencies of the order, ISO 4217. Without it: all.'),
    buyer: z
      .enum(['company', 'person'])
      .exactOptional()
      .describe('Who buys: `company` or `person`. Without it: anybody.'),
    provider: NameSchema.describe('Name of the provider that makes the invoices of these orders.'),
  })
  .refine(
    ({ countries, currencies, buyer }) => countries !== undefined || currencies !== undefined || buyer !== undefined,
    'expected at least one of countries, currencies, buyer; for all other orders the source’s own provider is there',
  );

/** `routes:` of a source. */
export const RoutesSchema = z
  .array(RouteSchema)
  .max(LONGEST_LIST)
  .prefault([])
  .describe('Where certain orders go instead of `provider`; the first that fits wins.');

/** The list in the words of the code: a condition that is not written is null. */
export const routesOf = (list: z.output<typeof RoutesSchema>): Route[] =>
  list.map(({ countries = null, currencies = null, buyer = null, provider }) => ({
    provider,
    countries,
    currencies,
    buyer,
  }));

/** Every provider that a source may reach, each once, with the place in the source's entry that first names it. */
export function reachable({ provider, routes }: { provider: string; routes: readonly Route[] }) {
  const places = new Map<string, readonly (string | number)[]>([[provider, ['provider']]]);
  routes.forEach((route, index) => {
    if (!places.has(route.provider)) places.set(route.provider, ['routes', index, 'provider']);
  });
  return places;
}

/** Positions of the routes that no order can ever take, since each one it fits fits an earlier route. */
export function unreachable(routes: readonly Route[]): number[] {
  return routes.flatMap((route, index) => {
    const earlier = routes.slice(0, index);
    return kindsOf(route).every((kind) => earlier.some((other) => takes(other, kind))) ? [index] : [];
  });
}

/** Orders of one country, one currency and one sort of buyer; null stands for all that no list names. */
type OrderKind = { country: string | null; currency: string | null; buyer: 'company' | 'person' };

const BUYERS = ['company', 'person'] as const;

const kindsOf = ({ countries, currencies, buyer }: Route): OrderKind[] =>
  (countries ?? [null]).flatMap((country) =>
    (currencies ?? [null]).flatMap((currency) =>
      (buyer === null ? BUYERS : [buyer]).map((one) => ({ country, currency, buyer: one })),
    ),
  );

const takes = ({ countries, currencies, buyer }: Route, kind: OrderKind): boolean =>
  (countries === null || (kind.country !== null && countries.includes(kind.country))) &&
  (currencies === null || (kind.currency !== null && currencies.includes(kind.currency))) &&
  (buyer === null || buyer === kind.buyer);
