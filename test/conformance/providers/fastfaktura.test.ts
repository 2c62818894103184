// The provider suite over FastFaktura, in every reading of what its documentation leaves open.
import { fastfakturaKits } from '../kits/fastfaktura.ts';
import { providerSuite } from '../provider-suite.ts';

for (const kit of fastfakturaKits) await providerSuite(kit);
