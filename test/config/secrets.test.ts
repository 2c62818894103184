import { describe, expect, test } from 'vitest';
import { redactedSummary } from '../../src/config/summary.ts';
import { problemLine } from '../../src/config.ts';
import { accepted, type Env, parse, smallest, withSource, withTop } from './worlds.ts';

const CANARY = 'canary-4b1d';

/** Everything that the program says of this text: problems, or warnings and the summary. */
function said(text: string, env: Env = {}): string {
  const result = parse(text, env);
  if (!result.ok) return JSON.stringify(result.error) + result.error.map(problemLine).join('\n');
  return JSON.stringify(result.value.warnings) + redactedSummary(result.value.config);
}

const whole = (canary: string): string => `
server: { host: "::1", port: 0 }
database: postgres://bridge:${canary}-1@db.test:5432/bridge?password=${canary}-2
admin: { token: ${canary}-admin-token }
seller: { country: FR, time_zone: Europe/Paris, vat_number: ${canary}-vat }
providers:
  books: { type: vosfactures, base_url: https://acme.test, api_token: ${canary}-token/acme, paused: true }
  fp: { type: facturation-pro, base_url: https://f.test, firm_id: 1, api_id: ${canary}-id, api_key: ${canary}-key, user_agent: ${canary} }
sources:
  shop: { type: woocommerce, secret: [${canary}-secret-1, "\${SECOND}"], provider: books, shop: ${canary} }
paused: true
`;

describe('the summary for the log', () => {
  test('tells what is connected to what', () => {
    expect(redactedSummary(accepted(whole(CANARY), { SECOND: 'another-long-secret' }))).toBe(
      'listening on [::1]:0; database postgres://db.test:5432/bridge; sources shop (woocommerce, to books); ' +
        'providers books (vosfactures, paused), fp (facturation-pro); paused: receives, issues nothing',
    );
    expect(redactedSummary(accepted(smallest))).toBe(
      'listening on 127.0.0.1:8080; database sqlite:/etc/bridge/data/bridge.db; ' +
        'sources shop (woocommerce, to playground); providers playground (sandbox)',
    );
  });

  test('holds no secret', () => {
    expect(said(whole(CANARY), { SECOND: `${CANARY}-second` })).not.toContain(CANARY);
  });
});

describe('an error does not repeat', () => {
  test.each([
    ['a secret that is too short', smallest.replace('a-long-enough-secret', 'cnry-1')],
    ['one of two secrets', smallest.replace('a-long-enough-secret', '[a-long-enough-secret, cnry-1]')],
    ['a third secret', smallest.replace('a-long-enough-secret', '[cnry-long-1, cnry-long-2, cnry-long-3]')],
    [
      'a secret in a form that is not expected',
      withSource('api: { url: cnry://, consumer_key: cnry, consumer_secret: { cnry: cnry } }'),
    ],
    ['a secret where its source belongs', smallest.replace(/\{ type: woocommerce.*/, 'cnry-secret')],
    ['a secret where its section belongs', smallest.replace(/sources:\n.*/, 'sources: cnry-secret')],
    ['a secret where the whole file belongs', 'cnry-secret'],
    ['an admin token where its block belongs', withTop('admin: cnry-token')],
    ['an admin token that is too short', withTop('admin: { token: cnry }')],
    ['the password of a database', withTop('database: postgre://u:cnry@h/d')],
    [
      'the password in an address',
      smallest.replace('type: sandbox', 'type: sandbox, base_url: "https://u:cnry@h.test"'),
    ],
    ['the value behind a key that is not known', withTop('secrt: cnry')],
    ['a secret that YAML reads as an alias', smallest.replace('a-long-enough-secret', '*cnry')],
    ['a secret that YAML reads as a tag', smallest.replace('a-long-enough-secret', '!cnry x')],
    ['a secret that YAML cannot read', smallest.replace('a-long-enough-secret', '"cnry \\q {[')],
    ['the default of a variable', withTop('server: { port: "${PORT:-cnry}" }')],
    ['the text around a variable', withTop('server: { port: "cnry${PORT:-x}" }')],
    ['a text that is a variable by mistake', smallest.replace('a-long-enough-secret', '"pa${cnry word}"')],
  ])('%s', (_what, text) => {
    const words = said(text);
    expect(words).toMatch(/bridge\.yaml/);
    expect(words).not.toMatch(/cnry/);
  });

  test('a value that came from the environment, whatever its key', () => {
    const env = { LEAK: CANARY };
    for (const yaml of ['server: { port: "${LEAK}" }', 'database: "${LEAK}"', 'matching: { by: ["${LEAK}"] }']) {
      expect(said(withTop(yaml), env)).toContain('the value of ${LEAK}, not shown here');
      expect(said(withTop(yaml), env)).not.toContain(CANARY);
    }
  });

  test('a number that is a secret', () => {
    expect(said(smallest.replace('a-long-enough-secret', '4711471147114711'))).toContain(
      'found a number, not shown here',
    );
  });
});
