// What is PrestaShop's own in verification and settings; what all sources share is in the source suite.
import { describe, expect, it } from 'vitest';
import { prestashop } from '../../connectors/prestashop/index.ts';
import { signPrestaShop } from '../support/sign.ts';

const API = { url: 'https://shop.example', key: 'KEYOFTHEWEBSERVICEINTHETESTS0001' };
const SECRET = 'a-secret-of-the-module';
const parse = (settings: object = {}) => prestashop.settings.parse({ api: API, ...settings });

describe('PrestaShop’s hints', () => {
  const body = Buffer.from('{"id_order":727}');
  const now = new Date('2026-11-21T10:00:00Z');
  const signed = signPrestaShop({ body, topic: '', secret: SECRET, now });
  const digest = signed['x-prestashop-signature'] ?? '';
  const verify = (headers: Record<string, string>, settings: object = { secret: SECRET }) =>
    prestashop.verify({ headers, repeated: new Set(), body }, parse(settings));

  it('are refused altogether where no secret is set', () => {
    expect(verify(signed).kind).toBe('accepted');
    expect(verify(signed, {}).kind).toBe('refused');
  });

  it('may write their signature with its algorithm before it', () => {
    expect(verify({ 'x-prestashop-signature': `sha256=${digest}` }).kind).toBe('accepted');
    expect(verify({ 'x-prestashop-signature': `sha1=${digest}` }).kind).toBe('refused');
    expect(verify({ 'x-prestashop-signature': `sha256=sha256=${digest}` }).kind).toBe('refused');
  });

  it('may write it in a header of their own', () => {
    const own = { secret: SECRET, signature_header: 'X-Acme-Signature' };
    expect(verify({ 'x-acme-signature': digest }, own).kind).toBe('accepted');
    expect(verify(signed, own).kind).toBe('refused');
  });

  it('that only try the way are answered and not stored, once they are signed', () => {
    expect(verify({ ...signed, 'x-prestashop-test': '1' })).toEqual({ kind: 'ping' });
    expect(verify({ 'x-prestashop-test': '1' }).kind).toBe('refused');
  });

  it('can bear no topic of what was fetched', () => {
    expect(verify({ ...signed, 'x-prestashop-topic': 'fetched.order' })).toMatchObject({ topic: 'hint' });
  });
});

describe('PrestaShop’s settings', () => {
  const accepts = (settings: object): boolean => prestashop.settings.safeParse({ api: API, ...settings }).success;

  it('give no access without a webservice key', () => {
    expect(prestashop.api(prestashop.settings.parse({ secret: SECRET }))).toBeNull();
  });

  it('need nothing but the webservice', () => {
    expect(parse()).toEqual({
      api: API,
      signature_header: 'x-prestashop-signature',
      time_zone: 'Europe/Paris',
      own_invoices: 'respect',
    });
  });

  it('keep the key from crossing a network in the clear', () => {
    const at = (url: string): boolean => accepts({ api: { ...API, url } });
    expect(['https://shop.example/boutique/', 'http://127.0.0.1:8090', 'http://localhost'].map(at)).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      ['http://shop.example', 'https://key@shop.example', 'https://shop.example/?ws_key=1', 'shop'].map(at),
    ).toEqual(Array(4).fill(false));
  });

  it('know time zones, and refuse what is none', () => {
    expect(['Europe/Paris', 'America/Martinique', 'UTC'].map((time_zone) => accepts({ time_zone }))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['Paris', 'Europe/Nowhere', ''].map((time_zone) => accepts({ time_zone }))).toEqual([false, false, false]);
  });

  it('put the key into a header and never into an address', () => {
    const api = prestashop.api(parse({ api: { ...API, url: 'https://shop.example/boutique/' } }));
    expect(api?.endpoint.baseUrl).toBe('https://shop.example/boutique/api');
    expect(Buffer.from(api?.endpoint.headers.authorization?.slice(6) ?? '', 'base64').toString()).toBe(`${API.key}:`);
  });
});
