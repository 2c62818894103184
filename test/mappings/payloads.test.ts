// Tries the mappings on payloads collected from real shops. They are kept outside the project for their licences:
// PAYLOADS_DIR names a folder with one folder per source type.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Understood } from '../../src/domain/facts.ts';
import { bigcommerceKit } from '../conformance/kits/bigcommerce.ts';
import { prestashopKit } from '../conformance/kits/prestashop.ts';
import { shopifyKit } from '../conformance/kits/shopify.ts';
import { woocommerceKit } from '../conformance/kits/woocommerce.ts';
import { expectSoundFacts, type SourceKit } from '../conformance/source-suite.ts';

const folder = process.env.PAYLOADS_DIR;

if (folder === undefined) {
  it.skip('payloads of real shops are understood (set PAYLOADS_DIR to their folder)', () => {});
} else {
  tryPayloads(folder, prestashopKit);
  tryPayloads(folder, bigcommerceKit);
  tryPayloads(folder, shopifyKit);
  tryPayloads(folder, woocommerceKit);
}

function tryPayloads<Settings>(root: string, { connector, settings, payloads }: SourceKit<Settings>): void {
  const own = path.join(root, connector.type);
  if (payloads === null || !existsSync(own)) return;
  const parsedSettings = connector.settings.parse(settings('a-secret-of-the-test'));
  const understand = (file: string, topic: string) =>
    connector.understand(
      { topic, headers: {}, body: readFileSync(path.join(own, file)), receivedAt: '2026-11-21T10:00:00.000Z' },
      parsedSettings,
    );
  const files = readdirSync(own).flatMap((file) => {
    const topic = payloads.topicOf(file);
    return topic === null ? [] : [{ file, topic }];
  });

  describe(`${connector.label} payloads of real shops`, () => {
    it.each(files)('$file tells sound facts or a problem', ({ file, topic }) => {
      expectSoundFacts(understand(file, topic));
    });

    it.each(payloads.notAddingUp)('%s, whose parts do not make its total, goes to a person', (file) => {
      const outcome = understand(file, payloads.topicOf(file) ?? '');
      const reasons = outcome.ok ? doubtsOf(outcome.value) : [outcome.error.code];
      expect(reasons).not.toEqual([]);
      for (const reason of reasons) expect(reason).toMatch(/^[a-z_]+$/);
    });
  });
}

const doubtsOf = (understood: Understood): string[] =>
  understood.kind === 'facts'
    ? understood.facts.map((fact) => (fact.kind === 'order' ? (fact.order.doubt?.code ?? '') : ''))
    : [];
