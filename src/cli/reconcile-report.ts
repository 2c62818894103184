// What a reconciliation found, for people.
import type { Difference, Figure } from '../operations/difference.ts';
import type { Report } from '../operations/reconcile.ts';
import { columns, plain, type Terminal, wrapped } from './terminal.ts';

/** The report as lines: what each source told, then each difference with what to do about it. */
export function reportLines(report: Report, { styled }: Pick<Terminal, 'styled'>): string[] {
  const { since, sources, not_asked, providers, sales, differences } = report;
  const doubt = styled('yellow', 'doubt');
  const streams = sources.flatMap(({ source, streams: all }) => all.map((stream) => ({ source, ...stream })));
  return [
    ...(streams.length === 0
      ? []
      : columns([
          ['SOURCE', 'LIST', 'STATUS', 'PAGES', 'FOUND', 'NOT KNOWN HERE'],
          ...streams.map(({ source, stream, status, pages, found, missed }) =>
            [source, stream, status, String(pages), String(found), String(missed)].map(plain),
          ),
        ])),
    ...(not_asked.length === 0
      ? []
      : wrapped(`${doubt}  not asked, for want of access to their API: ${plain(not_asked.join(', '))}`, '')),
    ...providers.flatMap(({ provider, unread, problem }) =>
      problem === null
        ? []
        : wrapped(
            plain(`${unread} documents could not be read at ${provider}: ${problem.detail} (${problem.code})`),
            '',
          ),
    ),
    ...(streams.length + not_asked.length === 0 ? [] : ['']),
    `Sales compared, since ${since.slice(0, 16).replace('T', ' ')} UTC: ${sales}. Differences: ${
      differences.length === 0 ? styled('green', '0') : styled('yellow', String(differences.length))
    }.`,
    ...differences.flatMap((one) => differenceLines(one, styled)),
  ];
}

function differenceLines(one: Difference, styled: Terminal['styled']): string[] {
  const { kind, source, order_number, payment_id, document, provider, expected, found, detail, help } = one;
  const about = order_number === null ? `payment ${payment_id}` : `order ${order_number}`;
  const where = document === null ? '' : `, document ${document} at ${provider}`;
  const figures = expected === null ? `: ${text(found)}` : `: expected ${text(expected)}, found ${text(found)}`;
  return [
    '',
    `${styled('bold', kind)}  ${plain(`${source}, ${about}${where}${figures}`)}`,
    ...wrapped(plain(detail), '  '),
    ...wrapped(plain(help), '  '),
  ];
}

const text = (figure: Figure | null): string => (figure === null ? 'nothing' : `${figure.amount} ${figure.currency}`);
