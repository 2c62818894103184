// The provider suite over Facturation.pro, in every reading of what its documentation leaves open.
import { facturationProKits } from '../kits/facturation-pro.ts';
import { providerSuite } from '../provider-suite.ts';

for (const kit of facturationProKits) await providerSuite(kit);
