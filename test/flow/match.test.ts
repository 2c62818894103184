import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/connector.ts';
import { type Client, type ClientKey, clientKeys } from '../../src/domain/client.ts';
import { type Match, matchClient } from '../../src/flow/6-match.ts';
import { keyText } from '../../src/store/clients.ts';
import { unpaidOrder } from '../support/orders.ts';

const { buyer } = unpaidOrder();
const keys = clientKeys(buyer, 'shop-77', ['external_id', 'tax_number', 'email']);
const client = (id: string, change: Partial<Client> = {}): Client => ({
  id,
  name: 'Ada Martin',
  kind: 'person',
  email: 'ada@buyer.example',
  taxNumber: null,
  externalId: 'shop-77',
  empty: [],
  ...change,
});

const capabilities: Capabilities = {
  keys: ['external_id', 'tax_number', 'email'],
  searches: ['external_id', 'tax_number', 'email'],
  drafts: false,
  paidAtCreation: true,
  payments: 'parts',
  creditNotes: 'none',
  email: false,
  publicLink: false,
  currencies: null,
  taxRates: null,
};

/** Matches against what a provider would answer for each key. */
const match = (
  answers: Record<string, Client[]>,
  remembered: Record<string, Client> = {},
  of = buyer,
  by: ClientKey[] = keys,
): Promise<Match> =>
  matchClient(
    {
      capabilities,
      externalId: 'shop-77',
      search: async (key) => ({ kind: 'found', items: answers[key.kind] ?? [] }),
      remembered: async (key) => remembered[keyText(key)] ?? null,
      listed: null,
      preferIndex: false,
    },
    of,
    by,
  );

describe('finding the buyer among the provider’s clients', () => {
  it('takes the client that every key names, by the strongest', async () => {
    expect(await match({ external_id: [client('1')], email: [client('1')] })).toMatchObject({
      kind: 'matched',
      by: 'external_id',
      client: { id: '1' },
    });
  });
  it('takes a weaker key where a stronger names nobody', async () => {
    expect(await match({ email: [client('1', { externalId: null })] })).toMatchObject({ kind: 'matched', by: 'email' });
  });
  it('several under one key are narrowed by the next, and the losers are told', async () => {
    const found = await match({ external_id: [client('1'), client('2')], email: [client('2'), client('3')] });
    expect(found).toMatchObject({
      kind: 'matched',
      client: { id: '2' },
      rejected: [{ clientId: '1' }, { clientId: '3' }],
    });
  });
  it('two keys that name two clients are ambiguous', async () => {
    expect(await match({ external_id: [client('1')], email: [client('2')] })).toMatchObject({
      kind: 'ambiguous',
      candidates: [{ id: '1' }, { id: '2' }],
    });
  });
  it('several under the only key are ambiguous', async () => {
    expect(await match({ email: [client('1'), client('2')] })).toMatchObject({
      kind: 'ambiguous',
      detail: '2 clients bear the same email',
    });
  });
  it('a contradicting tax number is no match, and says why', async () => {
    const company = { ...buyer, kind: 'company' as const, taxNumber: 'FR40303265045' };
    const other = client('1', { kind: 'company', taxNumber: 'FR83404833048' });
    const found = await match(
      { email: [other] },
      {},
      company,
      clientKeys(company, 'shop-77', ['external_id', 'tax_number', 'email']),
    );
    expect(found).toEqual({
      kind: 'missing',
      taken: ['email'],
      rejected: [{ clientId: '1', by: 'email', why: 'conflict: another tax number' }],
    });
  });
  it('a person is not the company of the same e-mail', async () => {
    expect(await match({ email: [client('1', { kind: 'company' })] })).toMatchObject({ kind: 'missing' });
  });
  it('remembers whom it found, because a search may lag behind a creation', async () => {
    expect(await match({}, { 'email:ada@buyer.example': client('1') })).toMatchObject({
      kind: 'matched',
      client: { id: '1' },
    });
  });
  it('two firms of one address stay two where the provider keeps no tax number, told apart by customer and name', async () => {
    const firm = { ...buyer, kind: 'company' as const, name: 'Boulangerie Fils', taxNumber: 'DE136695976' };
    const keeps = {
      ...capabilities,
      keys: ['external_id', 'email'] as const,
      searches: ['external_id', 'email'] as const,
    };
    const found = (name: string, externalId: string | null, provider: Capabilities) =>
      matchClient(
        {
          capabilities: provider,
          externalId: 'shop-77',
          search: async ({ kind }) => ({
            kind: 'found',
            items: kind === 'email' ? [client('1', { name, externalId, kind: null })] : [],
          }),
          remembered: async () => null,
          listed: null,
          preferIndex: false,
        },
        firm,
        keys,
      );
    expect(await found('Imprimerie du Port', 'shop-78', keeps)).toMatchObject({ kind: 'missing' });
    expect(await found('Boulangerie FILS ', 'shop-78', keeps)).toMatchObject({ kind: 'matched' });
    expect(await found('Imprimerie du Port', null, keeps)).toMatchObject({ kind: 'matched' });
    expect(await found('Imprimerie du Port', 'shop-78', capabilities)).toMatchObject({ kind: 'matched' });
  });
  it('a search that fails is not “nobody”', async () => {
    const failed = await matchClient(
      {
        capabilities,
        externalId: 'shop-77',
        search: async () => ({ kind: 'failed', problem: { code: 'unclear_answer', detail: '500' } }),
        remembered: async () => null,
        listed: null,
        preferIndex: false,
      },
      buyer,
      keys,
    );
    expect(failed).toMatchObject({ kind: 'failed' });
  });
  it('a buyer without any key matches nobody', async () => {
    expect(await match({}, {}, buyer, [])).toEqual({ kind: 'missing', rejected: [], taken: [] });
  });
});
