// The provider suite over Sandbox, in every reading of what its documentation leaves open.
import { sandboxKits } from '../kits/sandbox.ts';
import { providerSuite } from '../provider-suite.ts';

for (const kit of sandboxKits) await providerSuite(kit);
