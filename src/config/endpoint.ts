// Which addresses the bridge may be told to call.
import { BlockList, isIP } from 'node:net';

/** Addresses of the machine itself, the only ones that may be called without TLS. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Link-local addresses are where cloud machines keep their credentials (169.254.169.254); 0.0.0.0 is any machine. */
const NEVER = new BlockList();
NEVER.addSubnet('169.254.0.0', 16, 'ipv4');
NEVER.addSubnet('fe80::', 10, 'ipv6');
NEVER.addAddress('0.0.0.0', 'ipv4');
NEVER.addAddress('::', 'ipv6');

/** Ports of other protocols, on which a request would be an attack. */
const OTHER_PROTOCOLS = new Set(['22', '25']);

/**
 * What is wrong with the text as an address to call, or null. A text that is no URL passes: it is not one to be called.
 * Spellings such as 2130706433 and 0177.0.0.1 are understood as the addresses they stand for.
 */
export function endpointFault(text: string): string | null {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return null;
  const url = URL.parse(text);
  if (url === null) return 'expected a URL such as https://example.test';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'expected a URL that starts with https://';
  if (url.username !== '' || url.password !== '')
    return 'expected a URL without user and password; use the keys for them';
  if (url.search !== '' || url.hash !== '') return 'expected a URL without "?" and "#"';
  if (OTHER_PROTOCOLS.has(url.port)) return 'expected a port on which HTTPS is spoken';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIn(NEVER, host)) return 'this address is never called';
  if (url.protocol === 'http:' && !isLoopback(host))
    return 'expected https://; http:// is accepted for loopback addresses only';
  return null;
}

/** True for `localhost` and for addresses that only this machine can reach. */
export const isLoopback = (host: string): boolean => host.toLowerCase() === 'localhost' || isIn(LOOPBACK, host);

function isIn(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
