// The provider suite runs in one file for each provider, in providers/: side by side, and none is forgotten.
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalogue } from '../../connectors/index.ts';

it('the provider suite runs for every provider of the catalogue', () => {
  const files = readdirSync(new URL('providers/', import.meta.url)).map((file) => file.replace('.test.ts', ''));
  expect(new Set(files)).toEqual(new Set(catalogue.providers.map(({ type }) => type)));
});
