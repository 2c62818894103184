// How a document of ours is told from all others at FastFaktura, whose API gives it no reference: by a short token that
// ends a line of its notes. People read the order's number before it.
import { createHash } from 'node:crypto';

const TOKEN_DIGITS = 16;

/** 64 bits of the key's hash: no two documents of an account share them. */
export const tokenOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, TOKEN_DIGITS);

/** The last line of a document's notes. */
export const markerLine = (words: { order: string }, orderNumber: string, key: string): string =>
  `${words.order} ${orderNumber} · ${tokenOf(key)}`;

/** The token that ends a line of these notes, the last one where a person has copied several; null where there is none. */
export function tokenIn(notes: string | null): string | null {
  const tokens = (notes ?? '').split('\n').map((line) => /(?:^|[^0-9a-z])([0-9a-f]{16})\s*$/i.exec(line)?.[1]);
  return tokens.findLast((token) => token !== undefined)?.toLowerCase() ?? null;
}

/** What a client is tagged with that nothing else would find again. */
export const clientTag = (marker: string): string => `invoice-bridge-${tokenOf(marker)}`;
