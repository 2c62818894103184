// Runs the source suite for every source. A new source is a file in kits/ and a line here.
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../connectors/index.ts';
import { bigcommerceKit } from './kits/bigcommerce.ts';
import { prestashopKit } from './kits/prestashop.ts';
import { shopifyKit } from './kits/shopify.ts';
import { shopwareKit } from './kits/shopware.ts';
import { standardHmacKit, standardKeyPairKit, standardKit } from './kits/standard.ts';
import { stripeKit } from './kits/stripe.ts';
import { woocommerceKit } from './kits/woocommerce.ts';
import { sourceSuite } from './source-suite.ts';

const covered = new Set([
  sourceSuite(bigcommerceKit),
  sourceSuite(prestashopKit),
  sourceSuite(shopifyKit),
  sourceSuite(shopwareKit),
  sourceSuite(standardKit),
  sourceSuite(standardKeyPairKit),
  sourceSuite(standardHmacKit),
  sourceSuite(stripeKit),
  sourceSuite(woocommerceKit),
]);

describe('the catalogue', () => {
  it('has no source that the suite does not run for', () => {
    expect(new Set(catalogue.sources.map(({ type }) => type))).toEqual(covered);
  });
});
