// What a webservice key is good for: every table is tried with one row, because the list of a key's rights does not say which
// of them is the right to read.
import type { AccountInfo, SourceIo } from '../../src/connector.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { PARTS } from './gather.ts';
import type { Settings } from './settings.ts';
import { anyOf, NOT_READABLE, readRows } from './wire.ts';

/** What is lost with each table that an order can do without. */
const WITHOUT: Readonly<Record<string, string>> = {
  taxes: 'read “taxes”: rates are told from prices, and a price that fits several holds its invoice',
  order_cart_rules:
    'read “order_cart_rules” (PrestaShop has it since 1.7.8): how vouchers are shared is told from their tax',
  order_invoices: 'read “order_invoices”: of PrestaShop’s own invoices only the order’s last number is seen',
  states: 'read “states”: addresses lack their region',
  languages: 'read “languages”: the buyer’s language is not known',
  carriers: 'read “carriers”: shipping lines bear no carrier’s name',
};

const SETTINGS_READ = ['PS_SHOP_NAME', 'PS_TIMEZONE', 'PS_INVOICE'] as const;

/** The shop's name, and what its key may read. Refused where it lacks a table without which no order is understood. */
export async function checkShop(io: SourceIo, host: string, settings: Settings): Promise<Outcome<AccountInfo>> {
  const unreadable: string[] = [];
  for (const resource of new Set(['orders', ...PARTS.map((part) => part.resource)])) {
    const read = await readRows(io, resource, { display: '[id]', limit: '1' });
    if (read.kind === 'found') continue;
    if (read.problem.code !== NOT_READABLE) return refused(read);
    unreadable.push(resource);
  }
  const missing = unreadable.filter((resource) => !(resource in WITHOUT));
  if (missing.length > 0) {
    const detail = `the webservice key needs the right to view ${missing.join(', ')}: Advanced Parameters > Webservice`;
    return { kind: 'rejected', rejection: { kind: 'account' }, problem: problem(NOT_READABLE, detail) };
  }
  const shop = await readShop(io);
  return {
    kind: 'done',
    value: {
      name: shop.get('PS_SHOP_NAME') || host,
      can: ['read orders with their lines, states, payments and buyers', 'read refunds (credit slips)'],
      cannot: [
        ...unreadable.flatMap((resource) => WITHOUT[resource] ?? []),
        'write notes: the webservice has no place for them',
        ...(settings.secret === undefined ? ['receive webhooks: no secret is set; orders are polled'] : []),
      ],
      limits: [],
      warnings: warningsOf(shop, settings),
    },
  };
}

/** Nothing where the key may not read `configurations`: it is not needed. */
async function readShop(io: SourceIo): Promise<ReadonlyMap<string, string>> {
  const read = await readRows(io, 'configurations', {
    display: '[id,name,value]',
    'filter[name]': anyOf(SETTINGS_READ),
  });
  return new Map(read.kind === 'found' ? read.items.map(({ name, value }) => [String(name), String(value ?? '')]) : []);
}

function warningsOf(shop: ReadonlyMap<string, string>, settings: Settings): string[] {
  const warnings: string[] = [];
  const zone = shop.get('PS_TIMEZONE');
  if (zone !== undefined && zone !== '' && zone !== settings.time_zone) {
    warnings.push(
      `the shop’s time zone is ${zone}, and time_zone is ${settings.time_zone}: dates are read hours wrong`,
    );
  }
  if (shop.get('PS_INVOICE') === '1' && settings.own_invoices === 'respect') {
    warnings.push(
      'PrestaShop numbers invoices itself, and such orders are left alone (invoiced_elsewhere): switch that off under ' +
        'Orders > Invoices, or set own_invoices: ignore if nobody is given those invoices',
    );
  }
  return warnings;
}

function refused(read: Exclude<Awaited<ReturnType<typeof readRows>>, { kind: 'found' }>): Outcome<never> {
  const { problem: told, throttled, account, unanswered } = read;
  if (throttled !== undefined) {
    return { kind: 'rejected', rejection: { kind: 'throttled', retryAfterMs: throttled.retryAfterMs }, problem: told };
  }
  if (account) return { kind: 'rejected', rejection: { kind: 'account' }, problem: told };
  return { kind: unanswered ? 'not_sent' : 'unknown', problem: told };
}
