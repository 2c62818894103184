// Leaves a document's number and link with its order, as metafields in a namespace of the bridge's own. Setting one that is
// there sets it again, so that this may be repeated: https://shopify.dev/docs/api/admin-graphql/2026-07/mutations/metafieldsSet
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SourceIo, WriteBack } from '../../src/connector.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { graphqlRequest, rejection } from './graphql.ts';
import { SET_METAFIELDS } from './queries.ts';

const NAMESPACE = 'invoice_bridge';

const PayloadSchema = z.object({
  data: z.object({
    metafieldsSet: z.object({
      metafields: z.array(z.object({ key: z.string() })).nullish(),
      userErrors: z.array(z.object({ message: z.string() })),
    }),
  }),
});

/** Sets the number, and the link where there is one. An order has one invoice and as many credit notes as refunds. */
export async function writeBack(note: WriteBack, io: SourceIo): Promise<Outcome<null>> {
  const name = note.kind === 'invoice' ? 'invoice' : `credit_note_${shortened(note.key)}`;
  const ownerId = `gid://shopify/Order/${note.orderId}`;
  const metafields = [
    { ownerId, namespace: NAMESPACE, key: `${name}_number`, type: 'single_line_text_field', value: note.number },
    ...(note.url === null ? [] : [{ ownerId, namespace: NAMESPACE, key: `${name}_url`, type: 'url', value: note.url }]),
  ];
  const answer = await io.http(graphqlRequest(SET_METAFIELDS, { metafields }));
  const outcome = readOutcome<'set'>(answer, {
    value: (json) => {
      const set = PayloadSchema.safeParse(json).data?.data.metafieldsSet.metafields ?? [];
      return metafields.every(({ key }) => set.some((one) => one.key === key)) ? 'set' : null;
    },
    rejection: (status, json) => rejection(status, json) ?? userErrors(json),
  });
  return outcome.kind === 'done' ? { kind: 'done', value: null } : outcome;
}

/** A metafield's key holds 64 letters, digits, `_` and `-`. */
const shortened = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 12);

function userErrors(json: Json | null): ReturnType<typeof rejection> {
  const errors = PayloadSchema.safeParse(json).data?.data.metafieldsSet.userErrors ?? [];
  if (errors.length === 0) return null;
  const told = errors.map(({ message }) => message).join('; ');
  return { rejection: { kind: 'refused' }, problem: problem('refused', `Shopify refuses: ${told.slice(0, 500)}`) };
}
