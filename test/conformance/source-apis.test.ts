// Runs the suite of source APIs for every source that has one. A new one is a file in kits/ and a line here.
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../connectors/index.ts';
import { bigcommerceApiKit } from './kits/bigcommerce-api.ts';
import { prestashopApiKit } from './kits/prestashop-api.ts';
import { shopifyApiKit } from './kits/shopify-api.ts';
import { shopwareApiKit } from './kits/shopware-api.ts';
import { stripeApiKit } from './kits/stripe-api.ts';
import { woocommerceApiKit } from './kits/woocommerce-api.ts';
import { sourceApiSuite } from './source-api-suite.ts';

const covered = new Set([
  sourceApiSuite(bigcommerceApiKit),
  sourceApiSuite(prestashopApiKit),
  sourceApiSuite(shopifyApiKit),
  sourceApiSuite(shopwareApiKit),
  sourceApiSuite(stripeApiKit),
  sourceApiSuite(woocommerceApiKit),
]);

/** Any system that can sign a webhook: what its API would be is not known. */
const WITHOUT_API = ['standard'];

describe('the catalogue', () => {
  it('has no source with an API that the suite does not run for', () => {
    expect(catalogue.sources.filter(({ type }) => !covered.has(type)).map(({ type }) => type)).toEqual(WITHOUT_API);
    expect(catalogue.sources.filter((source) => !('api' in source)).map(({ type }) => type)).toEqual(WITHOUT_API);
  });
});
