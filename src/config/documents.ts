// `documents:` of a provider: how its documents look, as far as the user decides that.
import { z } from 'zod';
import { MERGE_FIELDS, unknownFields } from '../domain/merge-fields.ts';
import type { DocumentsPolicy } from '../registry.ts';
import { nearest } from './nearest.ts';
import { CountrySchema, DaysSchema, FlagSchema, LanguageSchema } from './units.ts';

const LONGEST_TITLE = 200;
const LONGEST_NOTES = 2000;

/** `documents:` of a provider. */
export const DocumentsSchema = z
  .strictObject({
    language: LanguageSchema.exactOptional().describe(
      'Language of every document, BCP 47. Without it: the order’s own, as far as the provider knows it.',
    ),
    languages: z
      .record(CountrySchema, LanguageSchema)
      .prefault({})
      .describe('The same by the buyer’s country, before `language`: `{ DE: de, BE: nl }`.'),
    payment_terms: DaysSchema.prefault('0d').describe('Days from the document’s date until payment is due.'),
    title: template(LONGEST_TITLE)
      .refine((text) => !/[\r\n]/.test(text), 'expected one line')
      .exactOptional()
      .describe('What the document is about, with merge fields. Without it: the connector’s own.'),
    notes: template(LONGEST_NOTES)
      .exactOptional()
      .describe('A note below the lines, with merge fields; may have several lines. Without it: the connector’s own.'),
    delivery_address: FlagSchema.prefault(true).describe('Show where the goods went, where it differs.'),
  })
  .prefault({})
  .describe('How the documents at this provider look.');

/** A text with merge fields such as `{{order.number}}`, every one of which can be filled in. */
function template(longest: number) {
  return z
    .string()
    .refine((text) => text.trim() !== '', 'expected a text')
    .max(longest)
    .refine((text) => fieldFault(text) === null, { error: ({ input }) => fieldFault(String(input)) ?? undefined });
}

/** What is wrong with the merge fields of a text, or null. */
function fieldFault(text: string): string | null {
  const [unknown] = unknownFields(text);
  if (unknown !== undefined) {
    const near = nearest(unknown, MERGE_FIELDS);
    const meant = near === null ? '' : `; did you mean {{${near}}}?`;
    return `expected merge fields of ${MERGE_FIELDS.join(', ')}; {{${unknown}}} is none of them${meant}`;
  }
  const rest = text.replace(/(?<!\{)\{\{[^{}]*\}\}(?!\})/g, '');
  return /\{\{|\}\}/.test(rest) ? 'expected each merge field as {{name}}, with two braces on either side' : null;
}

/** The block in the words of the code. */
export const documentsOf = (block: z.output<typeof DocumentsSchema>): DocumentsPolicy => ({
  language: block.language ?? null,
  languages: block.languages,
  dueInDays: block.payment_terms,
  title: block.title ?? null,
  notes: block.notes ?? null,
  deliveryAddress: block.delivery_address,
});
