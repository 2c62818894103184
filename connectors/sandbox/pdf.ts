// A document on A4, one page for ordinary orders. Equal pages give equal bytes.
import PDFDocument from 'pdfkit';
import { type Block, COLOR, type Doc, gap, stack } from './blocks.ts';
import type { Page } from './page.ts';
import {
  type Density,
  facts,
  footer,
  letterhead,
  PAGE,
  parties,
  runningHead,
  subject,
  summary,
  tableHeading,
  tableRow,
} from './sections.ts';

/** How tightly rows are set. The first under which all fits on one page is taken, else the middle one over several pages. */
const AIRY: Density = { size: 9, pad: 6 };
const CLOSE: Density = { size: 8.5, pad: 4 };
const TIGHT: Density = { size: 8, pad: 2 };

/** The bytes of the PDF. Dates in it come from the document, so equal pages give equal bytes on any day. */
export function documentPdf(page: Page): Promise<Uint8Array> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    lang: page.language,
    displayTitle: true,
    info: {
      Title: `${page.title} ${page.number}`,
      Author: page.seller.name,
      Creator: 'invoice-bridge sandbox',
      CreationDate: new Date(`${page.issueDate}T00:00:00Z`),
    },
  });
  const chunks: Uint8Array[] = [];
  const bytes = new Promise<Uint8Array>((resolve, reject) => {
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  layOut(doc, page);
  doc.end();
  return bytes;
}

/** Sets rows as airy as one page allows; what needs more goes over several, the summary in its pieces. */
function layOut(doc: Doc, page: Page): void {
  const head = stack(
    ...[letterhead(doc, page), gap(18), facts(doc, page), subject(doc, page)],
    ...[gap(18), parties(doc, page), gap(20)],
  );
  const heading = tableHeading(doc, page.columns);
  const tail = summary(doc, page);
  const room = PAGE.bottom - PAGE.top - head.height - heading.height - heightOf(tail);
  const rowsAt = (density: Density): Block[] => page.rows.map((row) => tableRow(doc, row, density));
  const rows = [AIRY, CLOSE, TIGHT].map(rowsAt).find((set) => heightOf(set) <= room) ?? rowsAt(CLOSE);

  let y = PAGE.top;
  const place = (...blocks: Block[]): void => {
    for (const block of blocks) {
      block.draw(y);
      y += block.height;
    }
  };
  const turn = (): void => {
    doc.addPage();
    y = PAGE.top;
    place(runningHead(doc, page));
  };

  place(head, heading);
  for (const row of rows) {
    if (y + row.height > PAGE.bottom) {
      turn();
      place(heading);
    }
    place(row);
  }
  for (const block of tail) {
    if (y + block.height > PAGE.bottom) turn();
    place(block);
  }
  footers(doc, page);
}

const heightOf = (blocks: readonly Block[]): number => stack(...blocks).height;

function footers(doc: Doc, page: Page): void {
  const { count } = doc.bufferedPageRange();
  for (let index = 0; index < count; index++) {
    doc.switchToPage(index);
    doc.rect(0, 0, PAGE.width, 5).fill(COLOR.accent);
    footer(doc, page, index + 1, count).draw(PAGE.footer);
  }
}
