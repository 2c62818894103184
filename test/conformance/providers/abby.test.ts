// The provider suite over Abby, in every reading of what its documentation leaves open.
import { abbyKits } from '../kits/abby.ts';
import { providerSuite } from '../provider-suite.ts';

for (const kit of abbyKits) await providerSuite(kit);
