import { describe, expect, test } from 'vitest';
import { endpointFault, isLoopback } from '../../src/config/endpoint.ts';
import { refusals, withSource } from './worlds.ts';

describe('addresses to call', () => {
  test.each([
    'https://acme.vosfactures.fr',
    'https://app.fastfaktura.io/api/v1',
    'https://10.0.0.5:8443',
    'http://localhost:3000',
    'http://127.0.0.1:3000/x',
    'http://[::1]:3000',
    'http://2130706433:3000',
    'http://0177.0.0.1',
  ])('%s is accepted', (url) => {
    expect(endpointFault(url)).toBeNull();
  });

  test.each([
    'http://acme.test',
    'http://10.0.0.5',
    'http://192.168.1.1',
    'http://0.0.0.0:80',
    'http://localhost.acme.test',
    'http://[fd00::1]',
    'file:///etc/passwd',
    'ftp://acme.test',
    'postgres://acme.test',
    'https://user:pass@acme.test',
    'https://user@acme.test',
    'https://acme.test?api_token=x',
    'https://acme.test/#x',
    'https://acme.test:22',
    'https://169.254.169.254/latest/meta-data',
    'https://0xa9fea9fe/',
    'https://[fe80::1]',
    'https://0.0.0.0',
    'https://',
    'https://a b',
  ])('%s is refused', (url) => {
    expect(endpointFault(url)).toMatch(/^(expected|this address)/);
  });

  test('a text that is no URL is no address', () => {
    for (const text of ['', 'secret', 'Acme (https://acme.test)', 'a:b', '//x']) expect(endpointFault(text)).toBeNull();
  });

  test('are looked at in every setting of a connector, and not where a shop is only named', () => {
    const api = 'api: { url: "http://shop.test", consumer_key: key, consumer_secret: secret }';
    expect(refusals(withSource(api))).toEqual([
      'sources.shop.api.url: expected https://; http:// is accepted for loopback addresses only',
    ]);
    expect(refusals(withSource('shop: http://shop.test/'))).toEqual([]);
  });
});

test('loopback is the machine itself, in every spelling', () => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.8.8.8', '::1'])
    expect(isLoopback(host), host).toBe(true);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'acme.test', '', '127.0.0.1.acme.test']) {
    expect(isLoopback(host), host).toBe(false);
  }
});
