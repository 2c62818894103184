// How an account is named in the database and in the log: by its host and its credential, of which nothing is shown.
import { createHash } from 'node:crypto';

/** `type:host:hash`: equal for the same credential at the same host, whatever else is configured. */
export function accountIdOf(type: string, baseUrl: string, credential: string): string {
  const hash = createHash('sha256').update(credential).digest('hex').slice(0, 12);
  return `${type}:${new URL(baseUrl).host}:${hash}`;
}
