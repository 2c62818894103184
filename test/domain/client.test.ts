import { describe, expect, it } from 'vitest';
import { bears, type Client, clientKeys, contradiction, externalId, normalEmail } from '../../src/domain/client.ts';
import { unpaidOrder } from '../support/orders.ts';

const { buyer } = unpaidOrder();
const company = { ...buyer, kind: 'company' as const, taxNumber: 'FR 40 303 265 045' };
const client: Client = {
  id: '9',
  name: 'Ada Martin',
  kind: 'person',
  email: 'ada@buyer.example',
  taxNumber: null,
  externalId: 'shop-77',
  empty: [],
};

describe('a buyer’s keys', () => {
  it('come in the configured order, normalised', () => {
    const keys = clientKeys({ ...company, email: '  Ada@Buyer.Example ' }, 'shop-77', [
      'email',
      'external_id',
      'tax_number',
    ]);
    expect(keys.map(({ kind, value }) => `${kind}=${value}`)).toEqual([
      'email=ada@buyer.example',
      'external_id=shop-77',
      'tax_number=FR40303265045',
    ]);
  });
  it('a guest has no external id, so that guests never share a client', () => {
    for (const customerId of [null, '', '0', ' 0 ']) {
      expect(externalId('{source}-{customer.id}', 'shop', { ...buyer, customerId })).toBeNull();
    }
    expect(externalId('{source}-{customer.id}', 'shop', buyer)).toBe('shop-77');
    expect(externalId('{customer.id}', 'shop', buyer)).toBe('77');
  });
  it('an e-mail compares without case and spaces; half an address is none', () => {
    expect(normalEmail(' Ada@Buyer.EXAMPLE\n')).toBe('ada@buyer.example');
    for (const text of ['', 'ada', 'ada@', '@buyer', 'a b@c', 'a@b@c', null]) expect(normalEmail(text)).toBeNull();
  });
});

describe('a provider’s client', () => {
  it('bears a key only exactly', () => {
    const [external, email] = clientKeys(buyer, 'shop-7', ['external_id', 'email']);
    if (external === undefined || email === undefined) throw new Error('two keys expected');
    expect(bears(client, external, 'FR')).toBe(false);
    expect(bears(client, email, 'FR')).toBe(true);
    expect(bears({ ...client, email: 'other@x.example, ADA@buyer.example' }, email, 'FR')).toBe(true);
    expect(bears({ ...client, email: 'xada@buyer.example' }, email, 'FR')).toBe(false);
  });
  it('contradicts by another tax number or by being of the other kind', () => {
    expect(contradiction(client, buyer)).toBeNull();
    expect(contradiction({ ...client, kind: null, taxNumber: '303265045' }, company)).toBeNull();
    expect(contradiction({ ...client, kind: 'company', taxNumber: 'FR83404833048' }, company)).toBe(
      'another tax number',
    );
    expect(contradiction(client, company)).toMatch(/a person/);
    expect(contradiction({ ...client, kind: 'company' }, buyer)).toMatch(/a company/);
  });
});
