// The account behind an API key: which firms it may work for, and what the bridge can do there.
import { z } from 'zod';
import type { AccountInfo, ProviderAccount, ToldBudget } from '../../src/connector.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { readOutcome } from '../../src/provider-answer.ts';
import { IdSchema, rejectionWhere } from './wire.ts';

const AccountSchema = z.object({ firms: z.array(z.object({ id: IdSchema, name: z.string() })) });
type Firm = z.infer<typeof AccountSchema>['firms'][number];

/** Proves the key, and that the configured firm is one of its own. */
export const checkAccount =
  (firmId: string): ProviderAccount['check'] =>
  async (io) => {
    const answer = await io.http({ method: 'GET', path: '/account.json' });
    const account = readOutcome<Firm[]>(answer, {
      value: (json) => AccountSchema.safeParse(json).data?.firms ?? null,
      rejection: rejectionWhere('refused'),
    });
    return account.kind === 'done' ? describe(account.value, firmId) : account;
  };

function describe(firms: readonly Firm[], firmId: string): Outcome<AccountInfo> {
  const firm = firms.find(({ id }) => id === firmId);
  if (firm === undefined) {
    const known = firms.map(({ id, name }) => `${id} (${name})`).join(', ') || 'none';
    const detail = `firm_id ${firmId} is not a firm of this account; it has: ${known}`;
    return { kind: 'rejected', rejection: { kind: 'refused' }, problem: problem('unknown_firm', detail) };
  }
  return {
    kind: 'done',
    value: {
      name: `${firm.name} (firm ${firm.id})`,
      can: [
        'invoices, as drafts first',
        'clients; a tax number is looked up in an index of our own',
        'payments, also partial',
        'credit notes over a whole invoice',
        'sending by e-mail, if the firm has set up its own SMTP server',
        'PDF and public link',
      ],
      cannot: ['credit notes over a part of an invoice', 'a delivery address of its own: it is told in words'],
      limits: ['600 requests in 5 minutes, 10 000 a day'],
      warnings: ['An invoice that was made final keeps its number and amounts for good.'],
    },
  };
}

/** What the answer says of the requests that are left. Which of the two limits it tells of is not documented. */
export function toldBudget(headers: Readonly<Record<string, string>>): ToldBudget | null {
  const [limit, remaining] = ['x-ratelimit-limit', 'x-ratelimit-remaining'].map((name) => countIn(headers[name]));
  return remaining === undefined || remaining === null ? null : { limit: limit ?? null, remaining };
}

const countIn = (text: string | undefined): number | null => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : null);
