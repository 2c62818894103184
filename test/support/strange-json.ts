// JSON that a careless reader trips over, for tests that change real samples.
import fc from 'fast-check';

/** Values that payloads have held, and values that break a careless reader. */
export const strangeValue = fc.oneof(
  fc.constantFrom(
    null,
    '',
    ' ',
    '0',
    '-0',
    '0.00',
    '-1',
    'NaN',
    '1e400',
    '1,234.50',
    '999999999999999999999.99',
    '0.005',
    '12.345',
    'EUR ',
    'eur',
    'XXX',
    'JPY',
    'KWD',
    '0000-00-00T00:00:00',
    '2026-02-30T10:00:00',
    '\u0000',
    '\ud800',
    '\u202eevil',
    '__proto__',
    'constructor',
    'toString',
    [],
    {},
    true,
    0,
    -1,
    1e21,
    2 ** 63,
    'é'.repeat(5000),
  ),
  fc.jsonValue(),
);

/** Replaces one value somewhere in a JSON tree, chosen by `at`. */
export function replaceOneValue(json: unknown, at: number, value: unknown): void {
  const places: { parent: Record<string, unknown>; key: string }[] = [];
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return;
    for (const key of Object.keys(node)) {
      const parent = node as Record<string, unknown>;
      places.push({ parent, key });
      walk(parent[key]);
    }
  };
  walk(json);
  const place = places[at % places.length];
  if (place !== undefined) place.parent[place.key] = value;
}

/** The same JSON with one more field in every object, as a sender's next version may have. */
export function withExtraFields(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withExtraFields);
  if (json === null || typeof json !== 'object') return json;
  const fields = Object.entries(json).map(([key, value]) => [key, withExtraFields(value)]);
  return { ...Object.fromEntries(fields), field_of_tomorrow: 'x' };
}
