// The parts of a printed document, each as a block for the place where it stands across the page.
import {
  type Block,
  beside,
  COLOR,
  type Doc,
  figure,
  gap,
  paragraph,
  rule,
  type Style,
  stack,
  tinted,
} from './blocks.ts';
import type { Labelled, Page, Party, RateRow, Row } from './page.ts';

/** A4 in points, and where the text of a page begins and ends. */
export const PAGE = { width: 595.28, top: 50, bottom: 782, footer: 798, left: 50, right: 545.28 };
const WIDTH = PAGE.right - PAGE.left;
/** Where text begins and ends inside tinted grounds and tables. */
const INSET = { left: PAGE.left + 12, right: PAGE.right - 12 };

/** Right edge and width of the table's figures; the description has the rest. */
const COLUMN = {
  quantity: { right: INSET.left + 262, width: 38 },
  unitPrice: { right: INSET.left + 354, width: 84 },
  rate: { right: INSET.left + 398, width: 38 },
  total: { right: INSET.right, width: 68 },
};
const DESCRIPTION = { x: INSET.left, width: 216 };
const SUMMARY = { left: PAGE.left + 262, width: WIDTH - 262, x: PAGE.left + 274, labels: 132, figures: 76 };
/** Beyond this a list of payments may break over pages. */
const LONGEST_SUMMARY = 400;

const LABEL: Style = { size: 7.5, color: COLOR.soft };
const SMALL: Style = { size: 8.5, color: COLOR.soft };
const BODY: Style = { size: 9 };

/** How tightly rows are set: size of the text, room above and below it. */
export type Density = { size: number; pad: number };

/** Who sends it on the left; what it is on the right. */
export function letterhead(doc: Doc, { seller, title, number, stamp }: Page): Block {
  const wide = WIDTH / 2 - 10;
  return beside(
    stack(
      paragraph(doc, seller.name, PAGE.left, wide, { size: 14, bold: true, color: COLOR.accent }, 2),
      gap(4),
      ...seller.lines.map((line) => paragraph(doc, line, PAGE.left, wide, SMALL, 2)),
    ),
    stack(
      figure(doc, title, PAGE.right, wide, { size: 24, color: COLOR.accent }),
      gap(2),
      figure(doc, number, PAGE.right, wide, { size: 11, bold: true }),
      ...(stamp === null ? [] : [gap(7), pill(doc, stamp)]),
    ),
  );
}

/** A small word in a rounded frame, at the right edge. */
function pill(doc: Doc, word: string): Block {
  const style: Style = { size: 8, bold: true, color: COLOR.settled };
  const text = figure(doc, word, PAGE.right - 10, 100, style);
  const width = doc.font('Helvetica-Bold').fontSize(style.size).widthOfString(word) + 20;
  const height = text.height + 8;
  return {
    height,
    draw: (y) => {
      doc
        .roundedRect(PAGE.right - width, y, width, height, height / 2)
        .lineWidth(0.9)
        .strokeColor(COLOR.settled)
        .stroke();
      text.draw(y + 4.8);
    },
  };
}

/** Dates and order number. */
export function facts(doc: Doc, page: Page): Block {
  const wide = (WIDTH - 24) / page.facts.length;
  const cells = page.facts.map(({ label, value }, index) => {
    const x = INSET.left + index * wide;
    return stack(
      paragraph(doc, label, x, wide - 10, LABEL, 1),
      gap(3),
      paragraph(doc, value, x, wide - 10, { size: 10, bold: true }, 2),
    );
  });
  return tinted(doc, PAGE.left, WIDTH, 10, beside(...cells));
}

/** The user's own title, if there is one. */
export const subject = (doc: Doc, { subject: text }: Page): Block =>
  text === '' ? gap(0) : stack(gap(14), paragraph(doc, text, INSET.left, WIDTH - 24, { size: 10, bold: true }));

/** Who is billed, and where it went if that is elsewhere. */
export function parties(doc: Doc, page: Page): Block {
  const wide = WIDTH / 2 - 24;
  const block = ({ heading, name, lines }: Party, index: number): Block => {
    const x = INSET.left + index * (WIDTH / 2);
    return stack(
      paragraph(doc, heading, x, wide, LABEL, 1),
      gap(4),
      paragraph(doc, name, x, wide, { size: 10.5, bold: true }),
      gap(2),
      ...lines.map((line) => paragraph(doc, line, x, wide, BODY, 2)),
    );
  };
  return beside(...page.parties.map(block));
}

/** What stands at the top of every further page. */
export const runningHead = (doc: Doc, { seller, title, number }: Page): Block =>
  stack(
    beside(
      paragraph(doc, seller.name, PAGE.left, WIDTH / 2, { size: 9, bold: true, color: COLOR.accent }, 1),
      figure(doc, `${title} ${number}`, PAGE.right, WIDTH / 2, SMALL),
    ),
    gap(16),
  );

/** Stands above the rows, on every page that has some. */
export const tableHeading = (doc: Doc, columns: Row): Block =>
  stack(tinted(doc, PAGE.left, WIDTH, 6, cells(doc, columns, { size: 7.5, bold: true, color: COLOR.accent })), gap(2));

/** One line of the document, with its hairline. */
export function tableRow(doc: Doc, row: Row, { size, pad }: Density): Block {
  // Lines of text have their slack below: a little more room above makes the row look centred.
  return stack(gap(pad + 1), cells(doc, row, { size }), gap(pad - 1), rule(doc, PAGE.left, WIDTH));
}

const cells = (doc: Doc, row: Row, style: Style): Block =>
  beside(
    stack(
      paragraph(doc, row.description, DESCRIPTION.x, DESCRIPTION.width, style, Number.POSITIVE_INFINITY),
      paragraph(doc, row.detail, DESCRIPTION.x, DESCRIPTION.width, { size: style.size - 1.2, color: COLOR.soft }, 4),
    ),
    figure(doc, row.quantity, COLUMN.quantity.right, COLUMN.quantity.width, style),
    figure(doc, row.unitPrice, COLUMN.unitPrice.right, COLUMN.unitPrice.width, style),
    figure(doc, row.rate, COLUMN.rate.right, COLUMN.rate.width, style),
    figure(doc, row.total, COLUMN.total.right, COLUMN.total.width, style),
  );

/** The rates, and beside them the total, what was paid and what is due: as one piece, unless that is longer than a page. */
export function summary(doc: Doc, page: Page): Block[] {
  const emphasis: Style = { size: 12, bold: true, color: COLOR.accent };
  const due: Style = { ...BODY, bold: true };
  const rates = rateTable(doc, page.rateColumns, page.rates);
  const total = tinted(doc, SUMMARY.left, SUMMARY.width, 9, labelled(doc, page.total, emphasis, emphasis));
  const payments = page.payments.map(({ detail, ...payment }) =>
    stack(
      gap(6),
      labelled(doc, payment, BODY, BODY),
      paragraph(doc, detail, SUMMARY.x, SUMMARY.labels, { ...SMALL, size: 8 }, 2),
    ),
  );
  const balance =
    page.balance === null
      ? gap(0)
      : stack(gap(8), rule(doc, SUMMARY.left, SUMMARY.width), gap(8), labelled(doc, page.balance, due, due));
  const notes = page.notes.map((note) => stack(gap(16), paragraph(doc, note, INSET.left, WIDTH - 24, SMALL, 12)));
  const whole = stack(gap(14), beside(rates, stack(total, ...payments, balance)), ...notes);
  const pieces = [stack(gap(14), beside(rates, total)), ...payments, balance, ...notes];
  return whole.height <= LONGEST_SUMMARY ? [whole] : pieces;
}

const labelled = (doc: Doc, { label, value }: Labelled, labelStyle: Style, valueStyle: Style): Block =>
  beside(
    paragraph(doc, label, SUMMARY.x, SUMMARY.labels, labelStyle, 1),
    figure(doc, value, INSET.right, SUMMARY.figures, valueStyle),
  );

function rateTable(doc: Doc, columns: RateRow, rates: readonly RateRow[]): Block {
  const line = (row: RateRow, style: Style): Block =>
    stack(
      gap(4.5),
      beside(
        paragraph(doc, row.rate, INSET.left, 40, style, 1),
        figure(doc, row.net, INSET.left + 104, 60, style),
        figure(doc, row.vat, INSET.left + 162, 52, style),
        figure(doc, row.gross, INSET.left + 228, 60, style),
      ),
      gap(2.5),
    );
  const below = rule(doc, PAGE.left, 246);
  return stack(line(columns, LABEL), below, ...rates.flatMap((rate) => [line(rate, { size: 8.5 }), below]));
}

/** At the foot of every page: that this is no legal invoice, and the page's number where there are several. */
export function footer(doc: Doc, page: Page, number: number, count: number): Block {
  const style: Style = { size: 8, color: COLOR.soft };
  return stack(
    rule(doc, PAGE.left, WIDTH),
    gap(8),
    beside(
      paragraph(doc, page.footer, PAGE.left, WIDTH - 80, { ...style, bold: true }, 1),
      ...(count > 1 ? [figure(doc, page.pageNumber(number, count), PAGE.right, 80, style)] : []),
    ),
  );
}
