// Runs the provider suite for every invoicing provider. A new provider is a file in kits/ and a line here.
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../connectors/index.ts';
import { sandboxKit } from './kits/sandbox.ts';
import { vosfacturesKit } from './kits/vosfactures.ts';
import type { ProviderKit } from './provider-kit.ts';
import { providerSuite } from './provider-suite.ts';

const kits: readonly ProviderKit[] = [sandboxKit, vosfacturesKit];

for (const kit of kits) providerSuite(kit);

describe('the catalogue', () => {
  it('has no provider that the suite does not run for', () => {
    expect(kits.map(({ type }) => type)).toEqual(catalogue.providers.map(({ type }) => type));
  });
});
