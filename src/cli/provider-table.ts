// The table of docs/providers.md: what each provider of the catalogue can do, from what its connector declares.
import type { Catalogue } from '../config/types.ts';
import { parseConfig, problemLine } from '../config.ts';
import type { Capabilities, ProviderAccount } from '../connector.ts';
import type { ClientKeyKind } from '../domain/client.ts';

const BEGIN = '<!-- begin of the generated table: npm run schema -->';
const END = '<!-- end of the generated table -->';

/** Longer lists are told by their length: the provider's page has them. */
const MOST_NAMED = 12;

type Column = { type: string; label: string; account: ProviderAccount };

/**
 * The page with its table made anew; all around the table stays. What an account can do may depend on its settings: the
 * example configuration has those that are shown. `described` are the types that have a page of their own in docs/providers.
 */
export function providersPage(
  page: string,
  { example, catalogue, described }: { example: string; catalogue: Catalogue; described: ReadonlySet<string> },
): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/providers.md lacks ${BEGIN} or ${END}`);
  return `${before}${BEGIN}\n\n${tableOf(columnsOf(example, catalogue), described)}\n\n${END}${after}`;
}

/** One column for each type, in the order of the catalogue, connected as the example has it. */
function columnsOf(example: string, catalogue: Catalogue): Column[] {
  const names = [...example.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
  const env = Object.fromEntries(names.map((name) => [name, `a-secret-of-some-length-for-${name}`]));
  const parsed = parseConfig({ text: example, file: '/bridge.yaml', env, catalogue });
  if (!parsed.ok) throw new Error(parsed.error.map(problemLine).join('\n'));
  const configured = Object.values(parsed.value.config.providers);
  return catalogue.providers.map(({ type, label, connect }) => {
    const provider = configured.find((one) => one.type === type);
    if (provider === undefined) throw new Error(`docs/bridge.example.yaml shows no provider of type ${type}`);
    return { type, label, account: connect(provider.settings, provider.name) };
  });
}

const ROWS: readonly [what: string, of: (account: ProviderAccount) => string][] = [
  ['find a client by external id', ({ capabilities }) => findText(capabilities, 'external_id')],
  ['find a client by tax number', ({ capabilities }) => findText(capabilities, 'tax_number')],
  ['find a client by e-mail', ({ capabilities }) => findText(capabilities, 'email')],
  ['leave drafts (`finalize: false`)', ({ capabilities }) => yesNo(capabilities.drafts)],
  [
    'total checked before it is final',
    ({ invoice }) => (invoice.drafting === null ? 'computed before it is sent' : 'read from its draft'),
  ],
  ['payments', ({ capabilities }) => paymentsText(capabilities)],
  ['credit notes', ({ capabilities: { creditNotes } }) => CREDIT_NOTES[creditNotes]],
  ['invoice by e-mail (`send: [email]`)', ({ capabilities }) => yesNo(capabilities.email)],
  ['public link to the invoice', ({ capabilities }) => yesNo(capabilities.publicLink)],
  ['currencies', ({ capabilities }) => currenciesText(capabilities)],
  ['tax rates', ({ capabilities: { taxRates } }) => (taxRates === null ? 'any' : `${taxRates.join(', ')} %`)],
  ['requests allowed', ({ pace }) => paceText(pace)],
];

function tableOf(columns: readonly Column[], described: ReadonlySet<string>): string {
  const heads = columns.map(({ type, label }) => (described.has(type) ? `[${label}](providers/${type}.md)` : label));
  return [
    row(['', ...heads]),
    row(['---', ...columns.map(() => '---')]),
    ...ROWS.map(([what, of]) => row([what, ...columns.map(({ account }) => of(account))])),
  ].join('\n');
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const yesNo = (is: boolean): string => (is ? 'yes' : 'no');

function findText({ keys, searches }: Capabilities, key: ClientKeyKind): string {
  if (searches.includes(key)) return 'by search';
  return keys.includes(key) ? 'through the directory' : 'no';
}

function paymentsText({ payments, paidAtCreation }: Capabilities): string {
  if (payments === 'none') return paidAtCreation ? 'with the invoice only' : 'no';
  return payments === 'whole' ? 'the whole open amount only' : 'yes, parts too';
}

const currenciesText = ({ currencies }: Capabilities): string => {
  if (currencies === null) return 'any';
  return currencies.length > MOST_NAMED ? `${currencies.length} of them` : currencies.join(', ');
};

const CREDIT_NOTES: Readonly<Record<Capabilities['creditNotes'], string>> = {
  none: 'no',
  whole: 'of a whole invoice only',
  parts: 'yes, of parts too',
};

function paceText(pace: ProviderAccount['pace']): string {
  if (pace === null) return 'no limit';
  const { requests, perMs, perDay, concurrency } = pace;
  const minutes = perMs / 60_000;
  const window = Number.isInteger(minutes) ? `${minutes} min` : `${perMs / 1000} s`;
  const day = perDay === null ? '' : `, ${perDay} a day`;
  return `${requests} in ${window}${day}, ${concurrency} at a time`;
}
