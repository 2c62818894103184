// A preview for people: the invoice as its reader would see it.
import type { ClientKey } from '../domain/client.ts';
import { formatMinor, type Minor, sum } from '../domain/money.ts';
import type { Order, OrderLine } from '../domain/order.ts';
import type { EventStatus } from '../domain/states.ts';
import type { orderFact, paymentFact } from '../operations/orders.ts';
import type { MappingEffect } from '../registry.ts';
import { columns, plain } from './terminal.ts';

export type Preview = {
  source: string;
  topic: string;
  status: EventStatus;
  reason: string | null;
  detail: string | null;
  order: ReturnType<typeof orderFact> | null;
  payments: ReturnType<typeof paymentFact>[];
  invoice: { provider: string; held: string | null; detail: string | null; request: unknown } | null;
  client_keys: ClientKey[];
  /** What the source's own mapping makes different; null where it has none. */
  mapping: MappingEffect[] | null;
};

/** The preview as lines. `order` is null for a payload that tells of no order. */
export function previewLines(preview: Preview, order: Order | null): string[] {
  const { topic, source, payments } = preview;
  return [
    `${topic} of ${source}: ${plain(verdict(preview))}`,
    ...(order === null ? [] : orderLines(preview, order)),
    ...mappingLines(preview.mapping),
    ...(payments.length === 0 ? [] : ['']),
    ...payments.map(({ id, amount, currency, paid_at, method }) =>
      plain(`Paid     ${amount} ${currency} on ${paid_at.slice(0, 10)}, ${method} (${id})`),
    ),
    '',
    'Nothing was sent, and nothing is known here of earlier deliveries.',
  ];
}

/** What a mapping changed, place by place. */
export const mappingLines = (effects: Preview['mapping']): string[] =>
  effects === null
    ? []
    : [
        '',
        effects.length === 0 ? 'The mapping changes nothing.' : 'The mapping changes:',
        ...columns(
          effects.map(({ path, before, after }) => [
            `  ${plain(path)}`,
            plain(before ?? '–'),
            '→',
            plain(after ?? '–'),
          ]),
        ),
      ];

function verdict({ status, reason, detail, invoice }: Preview): string {
  const why = [reason, detail].filter((part) => part !== null).join(': ');
  if (status === 'ignored') return `nothing to do, ${why}`;
  if (invoice === null) return `no invoice yet, ${why}`;
  return invoice.held === null
    ? `an invoice at ${invoice.provider}`
    : `an invoice at ${invoice.provider}, held for a person, ${[invoice.held, invoice.detail].join(': ')}`;
}

function orderLines(
  { client_keys: keys }: Preview,
  { buyer, lines, number, currency, total, placedAt }: Order,
): string[] {
  const { address, taxNumber, email } = buyer;
  const place = [address.line1, address.line2, `${address.postCode} ${address.city}`.trim(), address.country];
  const amount = (minor: Minor): string => formatMinor(minor, currency);
  return [
    '',
    ...[
      `Order    ${number}, placed ${placedAt.slice(0, 10)}`,
      `Buyer    ${buyer.name} (${buyer.kind})`,
      `         ${place.filter((part) => part !== '').join(', ')}`,
      ...(taxNumber === null ? [] : [`         VAT number ${taxNumber}`]),
      ...(email === null ? [] : [`         ${email}`]),
      ...clientLines(keys),
    ].map(plain),
    '',
    ...columns([
      ['Line', 'Quantity', 'Rate', 'Tax', 'Gross'],
      ...lines.map(({ name, quantity, rate, tax, gross }) => [
        plain(name),
        quantity,
        rateText(rate),
        amount(tax),
        amount(gross),
      ]),
      ['', '', '', '', ''],
      ...byRate(lines).map(({ rate, tax, gross }) => [
        `of which at ${rateText(rate)}`,
        '',
        '',
        amount(tax),
        amount(gross),
      ]),
      ['Total', '', '', amount(sum(lines.map(({ tax }) => tax))), `${amount(total)} ${currency}`],
    ]),
  ];
}

/** The keys as they would be tried, one after the other. */
const clientLines = (keys: Preview['client_keys']): string[] =>
  keys.length === 0
    ? ['Client   a new one: there is no key to look for']
    : keys.map(({ kind, value }, at) => `${at === 0 ? 'Client   ' : '         else '}by ${kind} ${value}`);

const rateText = (rate: string | null): string => (rate === null ? 'no tax' : `${rate} %`);

const byRate = (lines: readonly OrderLine[]): Pick<OrderLine, 'rate' | 'tax' | 'gross'>[] =>
  [...Map.groupBy(lines, ({ rate }) => rate)].map(([rate, same]) => ({
    rate,
    tax: sum(same.map(({ tax }) => tax)),
    gross: sum(same.map(({ gross }) => gross)),
  }));
