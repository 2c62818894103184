// What a provider's API cannot do of what a sale requires, and what a person does instead.
import Big from 'big.js';
import type { Draft } from '../domain/document.ts';
import { assertNever } from '../domain/result.ts';
import type { Provider } from '../registry.ts';
import type { Hold } from './4-sale.ts';

/** The hold of a draft that this provider cannot make; null when it can. */
export function unsupported(draft: Draft, provider: Provider): Hold | null {
  const why = inability(draft, provider);
  return why === null ? null : { reason: 'not_supported_by_provider', detail: why };
}

/** What the provider's API cannot do of this, and what a person does instead; null when it can. */
function inability(draft: Draft, { type, account: { capabilities } }: Provider): string | null {
  const byHand = 'then mark this as done here';
  switch (draft.kind) {
    case 'invoice': {
      const { currencies, taxRates } = capabilities;
      if (currencies !== null && !currencies.includes(draft.currency))
        return `${type} takes no ${draft.currency}: make the invoice there by hand, ${byHand}`;
      const strange = draft.lines.find(({ rate }) => rate !== null && !hasRate(taxRates, rate));
      return strange === undefined
        ? null
        : `${type} has no tax rate of ${strange.rate} % (“${strange.name}”): make the invoice there by hand, ${byHand}`;
    }
    case 'payment':
      return capabilities.payments === 'none' && !capabilities.paidAtCreation
        ? `${type} cannot record payments: mark the invoice as paid there by hand, ${byHand}`
        : null;
    case 'credit_note':
      if (capabilities.creditNotes === 'none')
        return `${type} cannot make credit notes: make it there by hand, ${byHand}`;
      return capabilities.creditNotes === 'whole' && !draft.whole
        ? `${type} can only credit a whole invoice, and this refund is a part of it: make the credit note there by hand, ${byHand}`
        : null;
    case 'send':
      return capabilities.email ? null : `${type} cannot send by e-mail: send it from there by hand, ${byHand}`;
    case 'write_back':
      return null;
    default:
      return assertNever(draft);
  }
}

const hasRate = (known: readonly string[] | null, rate: string): boolean =>
  known === null || known.some((one) => new Big(one).eq(rate));
