#!/usr/bin/env node
// The door to everything: checks the Node.js it runs on before a line of TypeScript is read, then hands over to the
// command line. Plain JavaScript that Node.js 20 can still run, so that the answer is a sentence and not a syntax error.
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const found = process.versions.node;

if (Number.parseInt(found, 10) < NEEDED) {
  process.exitCode = 1;
  console.error(
    [
      `invoice-bridge needs Node.js ${NEEDED} or newer, and this is Node.js ${found} (${process.execPath}).`,
      'In a checkout: run `npm ci` and then `npm start`; npm brings its own Node.js for its scripts.',
      `Without development dependencies (npm ci --omit=dev): install Node.js ${NEEDED}, the current LTS, or use the Docker image.`,
    ].join('\n'),
  );
} else {
  // Beside the code and not in the shared temporary folder, where another user could plant a cache. Where the folder
  // cannot be written (a read-only container), Node.js goes on without.
  module.enableCompileCache?.(fileURLToPath(new URL('../node_modules/.cache/invoice-bridge', import.meta.url)));
  // What is written here holds personal data and tokens: nobody else on the machine reads it.
  process.umask(0o077);
  const { main } = await import('./cli/main.ts');
  process.exitCode = await main(process.argv.slice(2));
}
