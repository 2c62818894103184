// Who bought in a PrestaShop, and what the bridge takes from the hint of a module.
import { describe, expect, it } from 'vitest';
import { type Change, order, type Row, row, sample, understand } from './prestashop-sample.ts';

describe('the buyer of a PrestaShop order', () => {
  const address =
    (change: Row, index = 0): Change =>
    (bundle) => {
      Object.assign(row(bundle, 'addresses', index), change);
    };

  it('is a company with its number and the place that the goods go to', () => {
    expect(order('company-two-rates').buyer).toMatchObject({
      customerId: '1',
      kind: 'company',
      name: 'Atelier Bréval',
      firstName: 'Luc',
      email: 'ines@buyer.example',
      taxNumber: 'FR40303265045',
      address: { name: 'Atelier Bréval', line1: '3 quai du Canal', postCode: '35000', city: 'Rennes', country: 'FR' },
      delivery: { name: 'Luc Bréval', city: 'Lyon' },
    });
  });

  it('is a person without a customer id when it is a guest', () => {
    expect(order('guest-voucher').buyer).toMatchObject({
      customerId: null,
      kind: 'person',
      name: 'Inès Moreau',
      email: 'guest@buyer.example',
      taxNumber: null,
      delivery: null,
    });
  });

  it('has its VAT number on the delivery address, where the theme puts it there, and a valid one before a stronger place', () => {
    expect(order('company-two-rates', address({ vat_number: '' })).buyer.taxNumber).toBeNull();
    const onDelivery: Change = (bundle) => {
      address({ vat_number: '' })(bundle);
      address({ vat_number: 'FR 40 303 265 045' }, 1)(bundle);
    };
    expect(order('company-two-rates', onDelivery).buyer.taxNumber).toBe('FR 40 303 265 045');
    const both: Change = (bundle) => {
      address({ vat_number: 'FR00000000000' })(bundle);
      address({ vat_number: 'FR40303265045' }, 1)(bundle);
    };
    expect(order('company-two-rates', both).buyer.taxNumber).toBe('FR40303265045');
  });

  it('is a company by its account’s name and SIRET where the address has neither', () => {
    const read = order('guest-voucher', (bundle) => {
      Object.assign(row(bundle, 'customers'), { company: 'Papeterie du Port', siret: '30326504500019' });
    });
    expect(read.buyer).toMatchObject({ kind: 'company', name: 'Papeterie du Port', taxNumber: '30326504500019' });
  });

  it('has its number of identity told, and is no company for that', () => {
    expect(order('least-rights').buyer).toMatchObject({
      kind: 'person',
      taxNumber: '12345678Z',
      address: { country: 'ES' },
    });
  });

  it('has a region where the address names one', () => {
    const read = order('guest-voucher', (bundle) => {
      address({ id_country: '21', id_state: '9' })(bundle);
      bundle.countries = [{ id: '21', iso_code: 'us' }];
      bundle.states = [{ id: '9', name: 'Florida' }];
    });
    expect(read.buyer.address).toMatchObject({ country: 'US', region: 'Florida' });
  });

  it('is called by the account where the address is gone, and never by nothing', () => {
    const gone: Change = (bundle) => {
      bundle.addresses = [];
    };
    expect(order('guest-voucher', gone).buyer).toMatchObject({
      name: 'Inès Moreau',
      address: { country: '' },
      delivery: null,
    });
    const nobody: Change = (bundle) => {
      gone(bundle);
      bundle.customers = [];
    };
    expect(order('guest-voucher', nobody).buyer).toMatchObject({ name: 'Client', customerId: null, email: null });
  });

  it('speaks the language that the shop names by its tag, not by its own short code', () => {
    expect(order('company-two-rates').language).toBe('fr-FR');
    const english: Change = (bundle) => {
      bundle.order.id_lang = '2';
      bundle.languages = [{ id: '2', iso_code: 'gb', language_code: 'en-gb' }];
    };
    expect(order('company-two-rates', english).language).toBe('en-GB');
    expect(order('company-two-rates', english).lines.at(-1)?.name).toBe('Gift wrapping');
    expect(order('least-rights').language).toBeNull();
  });
});

describe('a module’s hint', () => {
  const hinted = (body: unknown) => understand(body, 'hint');

  it.each([
    { id_order: 727 },
    { order_id: '727' },
    { orderId: 727, id: 3 },
    { order: { id: 727 } },
    { event: 'order.paid', id: 9, data: { order: { id: '727', reference: 'X' } } },
    { order: { action: 'upsert', collection: 'orders', properties: { id_order: 727 } } },
    { payload: { id: 727 } },
    { event: 'order.created', id: '727' },
    'id_order=727&state=2',
    'event=paid&order_id=727',
  ])('names its order: %o', (body) => {
    expect(hinted(body)).toEqual({ ok: true, value: { kind: 'fetch', fetch: ['order:727'], orderId: '727' } });
  });

  it('may name many orders, each once', () => {
    expect(hinted([{ id_order: 1 }, { id_order: '2' }, { id_order: 1 }, 'x'])).toEqual({
      ok: true,
      value: { kind: 'fetch', fetch: ['order:1', 'order:2'] },
    });
  });

  it.each([
    { id_order: '1/../../customers' },
    { id_order: -1 },
    { id_order: 0 },
    { reference: 'XKBKNABJK' },
    'hello',
    '',
    [],
  ])('that names none is a problem: %o', (body) => {
    expect(hinted(body)).toMatchObject({ ok: false, error: { code: 'not_an_order' } });
  });

  it('is never taken for an order, whatever it carries', () => {
    expect(hinted(sample('company-two-rates'))).toMatchObject({ value: { kind: 'fetch', fetch: ['order:1'] } });
  });
});
