// The set-up of a newcomer: SQLite under ./data, the sandbox, one source of each main kind with secrets of its own.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Catalogue, Config, ConfigProblem } from './config/types.ts';
import { parseConfig } from './config.ts';
import type { DemoSecrets } from './demo/send.ts';
import { ok, type Result } from './domain/result.ts';
import { openStore } from './store/open.ts';
import { keptSetting } from './store/settings.ts';

const EMBEDDED = `
server: { host: 127.0.0.1, port: "\${PORT:-8080}" }
database: sqlite:./data/bridge.db
delivery: { timeout: 5s, lease: 20s, quarantine: 2s }
providers:
  playground: { type: sandbox }
sources:
  shop:     { type: woocommerce, secret: "\${SHOP}", provider: playground, start_at: all }
  boutique: { type: shopify, secret: "\${BOUTIQUE}", provider: playground, start_at: all }
  stripe:   { type: stripe, secret: "\${STRIPE}", orders_from: [shop, boutique], provider: playground, start_at: all }
`;

/** The embedded configuration in `dir`, with demo secrets that are drawn once and kept in its database. */
export async function embeddedConfig(
  dir: string,
  port: string | undefined,
  catalogue: Catalogue,
): Promise<Result<{ config: Config; secrets: DemoSecrets }, ConfigProblem[]>> {
  const store = await openStore(path.join(dir, 'data', 'bridge.db'), 'visit');
  const draw = (name: string): Promise<string> =>
    keptSetting(store, `demo_secret_${name}`, () => `demo_${randomBytes(18).toString('base64url')}`);
  const secrets: DemoSecrets = {
    shop: await draw('shop'),
    boutique: await draw('boutique'),
    stripe: await draw('stripe'),
  };
  await store.close();
  const env = { PORT: port, SHOP: secrets.shop, BOUTIQUE: secrets.boutique, STRIPE: secrets.stripe };
  const parsed = parseConfig({ text: EMBEDDED, file: path.join(dir, 'the embedded configuration'), env, catalogue });
  return parsed.ok ? ok({ config: parsed.value.config, secrets }) : parsed;
}
