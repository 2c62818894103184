// One call of the admin API as data: the router serves it, and its schemas describe it in openapi.json.
import { z } from 'zod';
import { ok } from '../../domain/result.ts';
import type { Answered, OperationParts } from '../../operations/parts.ts';

export type Method = 'get' | 'post';

/** What a call answers when it works. */
export type Reply = { status: 200 | 202; body: unknown } | { status: 200; pdf: Uint8Array; name: string };
/** The same for the description: a schema, or a PDF. */
export type ReplyShape = { status: 200 | 202; description: string; schema: z.ZodType | 'pdf' };

/** A request's parts as text and JSON, not checked yet. */
export type RawInput = { params: unknown; query: unknown; body: unknown };
export type BadInput = { part: 'params' | 'query' | 'body'; issues: { at: string; detail: string }[] };

export type Route = {
  method: Method;
  /** Below `/admin/api`, with parameters as `{name}`. */
  path: string;
  summary: string;
  params: z.ZodType;
  query: z.ZodType;
  body: z.ZodType;
  replies: readonly ReplyShape[];
  run(parts: OperationParts, input: RawInput): Promise<{ bad: BadInput } | { answered: Answered<Reply> }>;
};

type Spec<P, Q, B> = Pick<Route, 'method' | 'path' | 'summary' | 'replies'> & {
  params: z.ZodType<P>;
  query: z.ZodType<Q>;
  body: z.ZodType<B>;
  handle(parts: OperationParts, input: { params: P; query: Q; body: B }): Promise<Answered<Reply>>;
};

const NOTHING = z.strictObject({});
/** For the parts of a request that a call does not have: they must be empty. */
export const NO_INPUT = { params: NOTHING, query: NOTHING, body: NOTHING };

/** Binds a call to its schemas: its handler sees only input that they accept. */
export function route<P, Q, B>({ handle, ...call }: Spec<P, Q, B>): Route {
  return {
    ...call,
    async run(parts, input) {
      const params = call.params.safeParse(input.params);
      if (!params.success) return { bad: badInput('params', params.error) };
      const query = call.query.safeParse(input.query);
      if (!query.success) return { bad: badInput('query', query.error) };
      const body = call.body.safeParse(input.body);
      if (!body.success) return { bad: badInput('body', body.error) };
      return { answered: await handle(parts, { params: params.data, query: query.data, body: body.data }) };
    },
  };
}

const badInput = (part: BadInput['part'], error: z.ZodError): BadInput => ({
  part,
  issues: error.issues.map(({ path, message }) => ({ at: path.join('.'), detail: message })),
});

/** The id of a row: a positive whole number, as text in the path. */
export const IdParamsSchema = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform((text) => Number(text)),
});

/** An operation's value as the answer's body. */
export const asReply = <T>(status: 200 | 202, answered: Answered<T>): Answered<Reply> =>
  answered.ok ? ok({ status, body: answered.value }) : answered;
