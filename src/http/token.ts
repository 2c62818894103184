// The admin token: presented as a bearer, compared in constant time whatever its length.
import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256: equal length for every text, and nothing of a secret is kept where only its likeness is needed. */
export const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

export const sameText = (a: string, b: string): boolean => timingSafeEqual(hashOf(a), hashOf(b));

/** Checks a token against the one that is configured. An empty one never passes. */
export function tokenCheck(token: string): (given: string) => boolean {
  const expected = hashOf(token);
  return (given) => timingSafeEqual(hashOf(given), expected) && token !== '';
}

/** The credential of `Authorization: Bearer …`; null for any other scheme. The scheme's case does not matter (RFC 9110). */
export const bearerOf = (authorization: string | undefined): string | null =>
  /^bearer +([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1] ?? null;
