// Runs the source suite for every source. A new source is a file in kits/ and a line here.
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../connectors/index.ts';
import { shopifyKit } from './kits/shopify.ts';
import { stripeKit } from './kits/stripe.ts';
import { woocommerceKit } from './kits/woocommerce.ts';
import { sourceSuite } from './source-suite.ts';

const covered = new Set([sourceSuite(shopifyKit), sourceSuite(stripeKit), sourceSuite(woocommerceKit)]);

describe('the catalogue', () => {
  it('has no source that the suite does not run for', () => {
    expect(new Set(catalogue.sources.map(({ type }) => type))).toEqual(covered);
  });
});
