// The description of the admin API (OpenAPI 3.1), made of the very schemas that check its requests.
import { z } from 'zod';
import type { ReplyShape, Route } from './route.ts';

type JsonObject = { [key: string]: unknown };

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonObject => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

const problem = (description: string): JsonObject => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** How any call may say no. */
const REFUSALS: JsonObject = {
  400: problem('The request is not as described'),
  401: problem('No token, or another than the configured one'),
  404: problem('There is no such thing'),
  409: problem('It does not stand where the call needs it; `decision` is the standing one, where there is one'),
  422: problem('It cannot be done as asked'),
  502: problem('The provider could not be asked'),
};

const PROBLEM: JsonObject = {
  type: 'object',
  description: 'RFC 9457; `code` is stable',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    at: { type: 'string' },
  },
};

/** Describes every route below `base`. */
export function openApi(routes: readonly Route[], base: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    paths[base + route.path] = { ...paths[base + route.path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'invoice-bridge admin API', version: '1' },
    security: [{ bearer: [] }],
    paths,
    components: { schemas: { Problem: PROBLEM }, securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  };
}

function operation(route: Route): JsonObject {
  const { method, summary, params, query, body, replies } = route;
  return {
    summary,
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query')],
    ...(method === 'post' && {
      requestBody: { content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: { ...Object.fromEntries(replies.map(response)), ...REFUSALS },
  };
}

function parameters(schema: z.ZodType, place: 'path' | 'query'): JsonObject[] {
  const { properties, required } = ObjectSchemaSchema.parse(schemaOf(schema, 'input'));
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

const ObjectSchemaSchema = z.object({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});

const response = ({ status, description, schema }: ReplyShape): [string, JsonObject] => [
  String(status),
  {
    description,
    content:
      schema === 'pdf'
        ? { 'application/pdf': { schema: { type: 'string', format: 'binary' } } }
        : { 'application/json': { schema: schemaOf(schema, 'output') } },
  },
];
