import { describe, expect, test } from 'vitest';
import { MERGE_FIELDS } from '../../src/domain/merge-fields.ts';
import { accepted, refusals, withProvider } from './worlds.ts';

const documentsOf = (yaml: string) =>
  accepted(withProvider(`documents: ${yaml}`)).providers.playground?.documents ?? null;
const refused = (yaml: string): string[] =>
  refusals(withProvider(`documents: ${yaml}`)).map((line) => line.replace('providers.playground.documents.', ''));

describe('how documents look', () => {
  test('is what is written, in the words of the code', () => {
    const block =
      '{ language: fr, languages: { DE: de, BE: nl-be }, payment_terms: 30d, title: "Order {{order.number}}", notes: "Thank you, {{ buyer.name }}", delivery_address: false }';
    expect(documentsOf(block)).toEqual({
      language: 'fr',
      languages: { DE: 'de', BE: 'nl-BE' },
      dueInDays: 30,
      title: 'Order {{order.number}}',
      notes: 'Thank you, {{ buyer.name }}',
      deliveryAddress: false,
    });
  });

  test('what is left out is the connector’s own, payable at once', () => {
    expect(documentsOf('{ title: Invoice }')).toEqual({
      language: null,
      languages: {},
      dueInDays: 0,
      title: 'Invoice',
      notes: null,
      deliveryAddress: true,
    });
  });

  test('notes may have several lines, a title has one', () => {
    expect(documentsOf('{ notes: "Paid by {{payment.method}}\\n{{payment.id}}" }')?.notes).toBe(
      'Paid by {{payment.method}}\n{{payment.id}}',
    );
    expect(refused('{ title: "one\\ntwo" }')).toEqual(['title: expected one line; found "one\\ntwo"']);
  });

  test('every merge field may be used, also with spaces around its name', () => {
    const notes = MERGE_FIELDS.map((field) => `{{${field}}} {{ ${field} }}`).join(' ');
    expect(documentsOf(`{ notes: "${notes}" }`)?.notes).toBe(notes);
  });

  test('an address in a text is not one that is called', () => {
    const notes = 'http://acme.test/terms?lang=fr';
    expect(documentsOf(`{ notes: "${notes}" }`)?.notes).toBe(notes);
  });
});

describe('what is refused', () => {
  const known = MERGE_FIELDS.join(', ');

  test('a merge field that nothing fills, with the known ones and the nearest', () => {
    expect(refused('{ title: "{{order.numbr}}" }')).toEqual([
      `title: expected merge fields of ${known}; {{order.numbr}} is none of them; did you mean {{order.number}}?; found "{{order.numbr}}"`,
    ]);
    expect(refused('{ notes: "{{x}}" }')).toEqual([
      `notes: expected merge fields of ${known}; {{x}} is none of them; found "{{x}}"`,
    ]);
  });

  test.each(['{{order.number}', '{order.number}}', '{{{order.number}}}', '}} {{order.number}}'])(
    'braces that do not make a field: %s',
    (title) => {
      expect(refused(`{ title: "${title}" }`)).toHaveLength(1);
    },
  );

  test('texts that are empty or longer than any document has room for', () => {
    expect(refused('{ title: " " }')).toEqual(['title: expected a text; found " "']);
    expect(refused(`{ title: ${'x'.repeat(201)} }`)[0]).toMatch(/^title: expected at most 200 characters/);
    expect(refused(`{ notes: ${'x'.repeat(2001)} }`)[0]).toMatch(/^notes: expected at most 2000 characters/);
    expect(refused(`{ title: ${'x'.repeat(200)}, notes: ${'x'.repeat(2000)} }`)).toEqual([]);
  });

  test('what is no language, and what is no country', () => {
    expect(refused('{ language: french }')).toEqual([
      'language: expected a language tag of BCP 47 such as fr or pt-BR; found "french"',
    ]);
    expect(refused('{ languages: { DE: german } }')).toEqual([
      'languages.DE: expected a language tag of BCP 47 such as fr or pt-BR; found "german"',
    ]);
    // UK is an alias that no order bears, EU no country.
    const words = 'expected a country code of ISO 3166 such as FR as the key';
    expect(refused('{ languages: { UK: en, EU: en, Germany: de } }')).toEqual([
      `languages.UK: ${words}`,
      `languages.EU: ${words}`,
      `languages.Germany: ${words}`,
    ]);
  });

  test('terms that are not in days', () => {
    const words = 'expected a number of days such as 0d or 30d, at most 366d';
    expect(refused('{ payment_terms: 30 }')).toEqual([`payment_terms: ${words}; found 30`]);
    expect(refused('{ payment_terms: 72h }')).toEqual([`payment_terms: ${words}; found "72h"`]);
    expect(refused('{ payment_terms: 367d }')).toEqual([`payment_terms: ${words}; found "367d"`]);
  });

  test('a key that is misspelt, with the nearest', () => {
    expect(refused('{ titel: x }')).toEqual(['titel: this key is not known; did you mean "title"?']);
  });
});
