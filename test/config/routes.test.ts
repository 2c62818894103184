import { describe, expect, test } from 'vitest';
import { redactedSummary } from '../../src/config/summary.ts';
import { accepted, refusals, smallest, warningsOf } from './worlds.ts';

/** The smallest configuration with two more providers, and routes at its source. */
const withRoutes = (routes: string, more = ''): string =>
  smallest
    .replace('type: sandbox }', 'type: sandbox }\n  german: { type: sandbox }\n  nordic: { type: sandbox }')
    .replace('provider: playground }', `provider: playground, routes: ${routes} }\n${more}`);
const refused = (routes: string): string[] =>
  refusals(withRoutes(routes)).map((line) => line.replace('sources.shop.', ''));
const idle = (routes: string): string[] =>
  warningsOf(withRoutes(routes)).map(({ code, at }) => `${code} ${at?.replace('sources.shop.', '')}`);

describe('routes', () => {
  test('are taken in the order of the file; a condition that is not written is none', () => {
    const text = withRoutes(
      '[{ countries: [DE, AT], currencies: [EUR], buyer: company, provider: german }, { currencies: [SEK], provider: nordic }]',
    );
    expect(accepted(text).sources.shop).toMatchObject({
      provider: 'playground',
      routes: [
        { provider: 'german', countries: ['DE', 'AT'], currencies: ['EUR'], buyer: 'company' },
        { provider: 'nordic', countries: null, currencies: ['SEK'], buyer: null },
      ],
    });
  });

  test('are named in the summary for the log', () => {
    const text = withRoutes('[{ countries: [DE], provider: german }, { countries: [AT], provider: german }]');
    expect(redactedSummary(accepted(text))).toContain('sources shop (woocommerce, to playground or german);');
  });

  test('without a condition are refused: all other orders have the source’s own provider', () => {
    expect(refused('[{ provider: german }]')).toEqual([
      'routes[0]: expected at least one of countries, currencies, buyer; for all other orders the source’s own provider is there; found a block of keys',
    ]);
    expect(refused('[{ countries: [], provider: german }]')).toEqual([
      'routes[0].countries: expected at least 1 entry; found a list',
    ]);
  });

  test('name providers that exist; the nearest is told', () => {
    expect(refused('[{ countries: [DE], provider: germn }]')).toEqual([
      'routes[0].provider: no provider has this name; found "germn"; did you mean "german"?',
    ]);
    expect(refused('[{ countries: [DE] }]')).toEqual([
      'routes[0].provider: this key is missing; expected a name of a-z, 0-9 and -, at most 40 characters',
    ]);
  });

  test.each([
    [
      '[{ countries: [UK], provider: german }]',
      'routes[0].countries[0]: expected a country code of ISO 3166 such as FR',
    ],
    [
      '[{ countries: [EU], provider: german }]',
      'routes[0].countries[0]: expected a country code of ISO 3166 such as FR',
    ],
    ['[{ countries: [DE, de], provider: german }]', 'routes[0].countries[1]: expected a country code'],
    ['[{ currencies: [eur], provider: german }]', 'routes[0].currencies[0]: expected a currency code of ISO 4217'],
    ['[{ buyer: firm, provider: german }]', 'routes[0].buyer: expected one of company, person; found "firm"'],
    ['[{ country: [DE], provider: german }]', 'routes[0].country: this key is not known; did you mean "countries"?'],
    ['{ countries: [DE], provider: german }', 'routes: expected a list; found a block of keys'],
  ])('%s is refused', (routes, words) => {
    expect(refused(routes).join('\n')).toContain(words);
  });

  test('of a source that tells of payments are refused: a payment goes where its invoice went', () => {
    const stripe =
      '  stripe: { type: stripe, secret: whsec_0123456789abcdef, provider: playground, routes: [{ countries: [DE], provider: german }] }';
    expect(refusals(withRoutes('[]', stripe))).toEqual([
      'sources.stripe.routes: stripe tells of payments, which follow the invoices of their orders; put the routes into the sources that tell of the orders',
    ]);
  });
});

describe('a route that no order can take', () => {
  test('stands behind one with the same or fewer conditions', () => {
    expect(
      idle('[{ countries: [DE, AT], provider: german }, { countries: [AT], buyer: company, provider: nordic }]'),
    ).toEqual(['unreachable_route routes[1]']);
    expect(idle('[{ buyer: company, provider: german }, { buyer: company, provider: german }]')).toEqual([
      'unreachable_route routes[1]',
    ]);
  });

  test('may be covered by several routes together', () => {
    const both = '{ buyer: company, provider: german }, { buyer: person, provider: nordic }';
    expect(idle(`[${both}, { currencies: [EUR], provider: german }]`)).toEqual(['unreachable_route routes[2]']);
    expect(
      idle(
        '[{ countries: [DE], provider: german }, { countries: [AT], provider: nordic }, { countries: [DE, AT], provider: nordic }]',
      ),
    ).toEqual(['unreachable_route routes[2]']);
  });

  test('is not one that some order still reaches', () => {
    const cases = [
      '[{ countries: [AT], buyer: company, provider: nordic }, { countries: [DE, AT], provider: german }]',
      '[{ countries: [DE], provider: german }, { countries: [DE, AT], provider: german }]',
      '[{ countries: [DE], provider: german }, { currencies: [EUR], provider: nordic }]',
      '[{ countries: [DE], currencies: [EUR], provider: german }, { countries: [DE], provider: nordic }]',
      '[{ buyer: company, provider: german }, { countries: [DE], provider: nordic }]',
    ];
    expect(cases.flatMap(idle)).toEqual([]);
  });
});

describe('what the providers of a source cannot do', () => {
  // In the tests’ catalogue VosFactures has no drafts and FastFaktura sends no e-mail.
  const books = '{ type: vosfactures, base_url: https://acme.test, api_token: a-token/acme }';
  const to = (provider: string, more = ''): string =>
    withRoutes('[{ countries: [DE], provider: german }]')
      .replace('german: { type: sandbox }', `german: ${provider}`)
      .concat(more);

  test('is asked of every provider that a route leads to', () => {
    expect(refusals(to(books, 'invoicing: { finalize: false }'))).toEqual([
      'invoicing.finalize: source shop invoices at german (vosfactures), which has no drafts to leave; use approve: true to look at each document first',
    ]);
    const faktura = '{ type: fastfaktura, base_url: https://ff.test, api_key: key }';
    expect(refusals(to(faktura, 'invoicing: { send: [email] }'))).toEqual([
      'invoicing.send: source shop invoices at german (fastfaktura), which cannot e-mail an invoice; remove email',
    ]);
  });

  test('includes currencies that it does not take', () => {
    const abby = '{ type: abby, base_url: https://abby.test, api_key: key }';
    const text = to(abby).replace('countries: [DE]', 'currencies: [EUR, USD, SEK]');
    expect(refusals(text)).toEqual([
      'sources.shop.routes[0].currencies: german (abby) does not invoice in USD, SEK; take that out',
    ]);
  });

  test('is said where jobs will be held for it, once for each provider that the source reaches', () => {
    const pro =
      '{ type: facturation-pro, base_url: https://pro.test, firm_id: 1, api_id: "2", api_key: key, user_agent: Acme }';
    const routes =
      '[{ countries: [DE], provider: german }, { countries: [AT], provider: german }, { countries: [SE], provider: nordic }]';
    const faktura = '{ type: fastfaktura, base_url: https://ff.test, api_key: key }';
    const text = withRoutes(routes)
      .replace('german: { type: sandbox }', `german: ${pro}`)
      .replace('nordic: { type: sandbox }', `nordic: ${faktura}`);
    expect(warningsOf(text).map(({ code, at, detail }) => `${code} ${at}: ${detail}`)).toEqual([
      'provider_limits sources.shop.routes[0].provider: german (facturation-pro) cannot do everything: every payment of less than is open and every credit note of a part of an invoice will be held as not_supported_by_provider, to be done there by hand',
      'provider_limits sources.shop.routes[2].provider: nordic (fastfaktura) cannot do everything: every payment and every credit note will be held as not_supported_by_provider, to be done there by hand',
    ]);
  });

  test('is not said of a source that tells of payments', () => {
    const faktura = '{ type: fastfaktura, base_url: https://ff.test, api_key: key }';
    const stripe = '  stripe: { type: stripe, secret: whsec_0123456789abcdef, provider: nordic }';
    const text = withRoutes('[]', stripe).replace('nordic: { type: sandbox }', `nordic: ${faktura}`);
    expect(warningsOf(text)).toEqual([]);
  });
});
