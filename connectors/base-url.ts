// Where requests of a provider account go: checked so that a credential can only ever reach the place the user meant.
import { z } from 'zod';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** `path`: whether the address may name a path below the host, kept without its last slash. */
export type BaseUrlRules = { example: string; path: 'none' | 'any' };

/** An https address, or a plain http one of this machine; without credentials, query and fragment. */
export const baseUrlSchema = ({ example, path }: BaseUrlRules) =>
  z.string().transform((text, context) => {
    const fail = (message: string): never => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    if (!URL.canParse(text)) return fail(`expected a URL such as ${example}`);
    const url = new URL(text);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) {
      return fail('expected https:// (plain http:// is accepted for loopback addresses only)');
    }
    if (url.username !== '' || url.password !== '') return fail('the URL must not carry credentials');
    if (url.search !== '' || url.hash !== '') return fail('expected an address without a query or a fragment');
    if (path === 'none' && url.pathname !== '/') return fail('expected the root of the site, without a path');
    return url.origin + url.pathname.replace(/\/+$/, '');
  });
