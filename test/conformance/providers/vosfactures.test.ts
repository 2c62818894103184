// The provider suite over VosFactures, in every reading of what its documentation leaves open.
import { vosfacturesKits } from '../kits/vosfactures.ts';
import { providerSuite } from '../provider-suite.ts';

for (const kit of vosfacturesKits) await providerSuite(kit);
