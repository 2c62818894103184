// Mapping files for tests, in a folder that goes with the test file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { loadMapping, type Mapping } from '../../src/mapping/expression.ts';

/** Call it while tests are being collected. `write` gives a path, `load` a mapping with this text. */
export function mappingFiles(): { write(text: string | Uint8Array): string; load(text: string): Mapping } {
  let folder = '';
  let count = 0;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mappings-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (text: string | Uint8Array): string => {
    count += 1;
    const file = path.join(folder, `${count}.jsonata`);
    writeFileSync(file, text);
    return file;
  };
  return {
    write,
    load(text) {
      const mapping = loadMapping(write(text));
      if (!mapping.ok) throw new Error(mapping.error.detail);
      return mapping.value;
    },
  };
}
