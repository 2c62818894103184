// What is published about the order's JSON and about mappings is true.
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Understood } from '../../src/domain/facts.ts';
import type { Order } from '../../src/domain/order.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { settled } from '../../src/mapping/agreement.ts';
import { mapDelivery } from '../../src/mapping/map-delivery.ts';
import { openMappings } from '../../src/mapping/mappings.ts';
import { standardOrderJsonSchema } from '../../src/mapping/standard-order.ts';
import { standardToOrder } from '../../src/mapping/standard-to-order.ts';
import { unpaidOrder } from '../support/orders.ts';
import { mappingFiles } from './files.ts';

const docs = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

describe('docs/standard-order.schema.json', () => {
  it('is what `npm run schema` writes', () => {
    expect(JSON.parse(docs('standard-order.schema.json'))).toEqual(
      JSON.parse(JSON.stringify(standardOrderJsonSchema())),
    );
  });
});

describe('docs/standard-order.md', () => {
  const page = docs('standard-order.md');

  it('names every key of every part, and no key that there is not', () => {
    const rows = [...page.matchAll(/^\| `([a-z0-9_.[\]]+)` \|/gm)].map(([, key = '']) => key);
    expect(new Set(rows)).toEqual(new Set(keysOf(standardOrderJsonSchema(), '')));
  });

  const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text);

  it.each(examples)('has an example %# that is read without a doubt', (text) => {
    const json = JSON.parse(text, (_key, value: unknown) => (typeof value === 'number' ? String(value) : value));
    const order = standardToOrder(json.data ?? json);
    expect(order).toMatchObject({ ok: true });
    if (order.ok) expect(settled(order.value).doubt).toBeNull();
  });

  it('has an example of a whole order and one of a refund', () => {
    expect(examples.length).toBeGreaterThanOrEqual(2);
  });
});

/** `lines[].gross` for a key of the parts of a list. */
function keysOf(schema: z.core.JSONSchema.JSONSchema, at: string): string[] {
  const forms = [schema, ...(schema.anyOf ?? [])].filter((form) => typeof form === 'object');
  return forms.flatMap((form) => {
    const items = typeof form.items === 'object' && !Array.isArray(form.items) ? keysOf(form.items, `${at}[].`) : [];
    const own = Object.entries(form.properties ?? {}).flatMap(([key, inner]) => {
      const path = `${at.endsWith('[].') || at === '' ? at : `${at}.`}${key}`;
      return typeof inner === 'object' ? [path, ...keysOf(inner, path)] : [path];
    });
    return [...items, ...own];
  });
}

describe('docs/mappings.md', () => {
  const page = docs('mappings.md');
  const files = mappingFiles();
  const mappings = openMappings();
  afterAll(() => mappings.close());

  const fences = (kind: string): string[] =>
    [...page.matchAll(new RegExp(`\`\`\`${kind}\\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);
  const [vatNumber = '', shipping = '', rate = '', ownForm = ''] = fences('jsonata');
  const [ownBody = ''] = fences('json');

  /** What an example makes of a delivery of which we understood this. */
  const mapped = async (text: string, body: string, order: Order | null) => {
    const delivery = { topic: 'order', headers: {}, body: Buffer.from(body), receivedAt: '2026-11-21T10:00:00.000Z' };
    const understood: Result<Understood> =
      order === null
        ? err(problem('not_an_order', 'the body has no lines'))
        : ok({ kind: 'facts', facts: [{ kind: 'order', order }] });
    const outcome = await mapDelivery({ mapping: files.load(text), mappings }, delivery, understood);
    if (!outcome.ok) throw new Error(outcome.error.detail);
    const { value } = outcome;
    return value.kind === 'facts' ? value.facts.map((fact) => (fact.kind === 'order' ? fact.order : null))[0] : value;
  };

  it('shows how a VAT number is found', async () => {
    const body = '{"meta_data":[{"key":"_acme_steuer_nr","value":"DE136695976"}]}';
    expect(await mapped(vatNumber, body, unpaidOrder())).toMatchObject({ buyer: { taxNumber: 'DE136695976' } });
  });

  it('shows how shipping is renamed and how orders are left aside', async () => {
    const renamed = await mapped(shipping, '{}', unpaidOrder());
    expect(renamed).toMatchObject({ lines: [{ name: 'Desk lamp' }, { name: 'Insured delivery' }] });
    const left = await mapped(shipping, '{}', unpaidOrder({ tags: ['wholesale'] }));
    expect(left).toMatchObject({ kind: 'ignored', reason: 'ignored_by_mapping' });
  });

  it('shows how a rate is said that the shop did not tell', async () => {
    const lines = unpaidOrder().lines.map((line) => ({ ...line, tax: 0n, rate: null }));
    const doubtful = unpaidOrder({ lines, doubt: { code: 'rate_unknown', detail: 'a line bears tax' } });
    expect(await mapped(rate, '{}', doubtful)).toMatchObject({ doubt: null, lines: [{ rate: '20' }, { rate: '20' }] });
    expect(await mapped(rate, '{}', unpaidOrder())).toEqual(unpaidOrder());
  });

  it('shows how a form of one’s own becomes an order', async () => {
    expect(await mapped(ownForm, ownBody, null)).toMatchObject({
      id: '4711',
      total: 2_975n,
      lines: [{ gross: 2_975n, tax: 475n, rate: '19' }],
      doubt: null,
    });
    expect(await mapped(ownForm, '{"event":"hello"}', null)).toMatchObject({ reason: 'ignored_by_mapping' });
  });
});
