// A small configuration that is in order, and ways to look at what becomes of others.

import type { Config, ConfigProblem } from '../../src/config/types.ts';
import { parseConfig, problemLine } from '../../src/config.ts';
import { catalogue } from './catalogue.ts';

/** What is wrong in a test is told as the program would tell it. */
export const FILE = '/etc/bridge/bridge.yaml';

export const smallest = `
seller: { country: FR, time_zone: Europe/Paris }
providers:
  playground: { type: sandbox }
sources:
  shop: { type: woocommerce, secret: a-long-enough-secret, provider: playground }
`;

export type Env = Readonly<Record<string, string | undefined>>;

export const parse = (text: string, env: Env = {}, file = FILE) => parseConfig({ text, file, env, catalogue });

export function accepted(text: string, env: Env = {}, file = FILE): Config {
  const result = parse(text, env, file);
  if (!result.ok) throw new Error(result.error.map(problemLine).join('\n'));
  return result.value.config;
}

export function warningsOf(text: string, env: Env = {}): ConfigProblem[] {
  const result = parse(text, env);
  if (!result.ok) throw new Error(result.error.map(problemLine).join('\n'));
  return result.value.warnings;
}

/** Each problem as `key: detail`, in the order of the file. */
export function refusals(text: string, env: Env = {}, file = FILE): string[] {
  const result = parse(text, env, file);
  return result.ok ? [] : result.error.map(({ at, detail }) => `${at ?? ''}: ${detail}`);
}

/** The smallest configuration with one more key in a source, a provider, or at the top. */
export const withTop = (yaml: string): string => `${smallest}\n${yaml}\n`;
export const withSource = (yaml: string): string =>
  smallest.replace('provider: playground }', `provider: playground, ${yaml} }`);
export const withProvider = (yaml: string): string => smallest.replace('type: sandbox }', `type: sandbox, ${yaml} }`);
