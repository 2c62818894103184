// JSON Schema of bridge.yaml for editors, made from the schemas that read it: it completes and explains keys while a person
// writes. The program itself is stricter.
import { z } from 'zod';
import { BLOCKS, ProviderKeysSchema, SourceKeysSchema } from './schema.ts';
import type { Catalogue } from './types.ts';
import { NAME } from './units.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;
type Connector = { type: string; label: string; settings: z.ZodType<unknown> };

/** The schema of a file whose sources and providers are of the catalogue's types. Draft 7, which editors know best. */
export function editorSchema(catalogue: Catalogue): JsonSchema {
  const blocks = fromZod(z.strictObject(BLOCKS));
  const sources = catalogue.sources.map((connector) => entryOf(connector, fromZod(SourceKeysSchema)));
  const providers = catalogue.providers.map((connector) => entryOf(connector, fromZod(ProviderKeysSchema)));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'bridge.yaml',
    type: 'object',
    properties: {
      ...mapped(blocks.properties, orReference),
      providers: namedEntries('Where invoices are made, by a name of your own.', providers),
      sources: namedEntries('Who sends orders and payments, by a name of your own: POST /webhooks/{name}.', sources),
    },
    required: [...(blocks.required ?? []), 'providers', 'sources'],
    additionalProperties: false,
    definitions: {
      reference: { type: 'string', pattern: '\\$\\{.+\\}', description: '${NAME}, ${NAME:-default} or ${file:PATH}' },
    },
  };
}

function fromZod(schema: z.ZodType<unknown>): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return rest;
}

/** The keys that every entry has, and the connector's own, as one block. */
function entryOf({ type, label, settings }: Connector, common: JsonSchema): JsonSchema {
  const own = fromZod(settings);
  return {
    title: label,
    type: 'object',
    properties: {
      ...mapped({ ...own.properties, ...common.properties }, orReference),
      type: { const: type, description: label },
    },
    required: [...new Set([...(common.required ?? []), ...(own.required ?? [])])],
    additionalProperties: false,
  };
}

function namedEntries(description: string, entries: readonly JsonSchema[]): JsonSchema {
  const propertyNames = { pattern: '^[a-z0-9][a-z0-9-]{0,39}$', description: NAME };
  return {
    description,
    type: 'object',
    propertyNames,
    minProperties: 1,
    additionalProperties: { anyOf: [...entries] },
  };
}

/** The same schema, which also takes a reference wherever a single value may stand: a list or a block is written out. */
function orReference(schema: JsonSchema): JsonSchema {
  if (schema.properties !== undefined) return { ...schema, properties: mapped(schema.properties, orReference) };
  const { description, default: standard, ...value } = schema;
  if (value.type === 'string' && Object.keys(value).length === 1) return schema;
  const items = typeof value.items === 'object' && !Array.isArray(value.items) ? orReference(value.items) : value.items;
  const isWrittenOut = value.type === 'array' || value.type === 'object';
  return {
    ...(description === undefined ? {} : { description }),
    ...(standard === undefined ? {} : { default: standard }),
    ...(isWrittenOut
      ? { ...value, ...(items === undefined ? {} : { items }) }
      : { anyOf: [value, { $ref: '#/definitions/reference' }] }),
  };
}

function mapped(
  properties: JsonSchema['properties'],
  change: (schema: JsonSchema) => JsonSchema,
): Record<string, JsonSchema | boolean> {
  return Object.fromEntries(
    Object.entries(properties ?? {}).map(([key, schema]) => [
      key,
      typeof schema === 'boolean' ? schema : change(schema),
    ]),
  );
}
