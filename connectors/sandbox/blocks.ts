// Pieces of a printed page that know their height before they are drawn, and ways to put them together.
// Lengths are PDF points; y grows downwards.
import type PDFDocument from 'pdfkit';

export type Doc = InstanceType<typeof PDFDocument>;
export type Block = { height: number; draw(y: number): void };

export const COLOR = {
  ink: '#1d2733',
  soft: '#66717f',
  line: '#d9dfe6',
  accent: '#1f4468',
  tint: '#f2f5f8',
  settled: '#2c7a56',
} as const;

export type Style = { size: number; bold?: boolean; color?: string; spacing?: number };

/** Text that wraps within `width`; what goes beyond `lines` ends in an ellipsis. Nothing takes no room. */
export function paragraph(doc: Doc, text: string, x: number, width: number, style: Style, lines = 3): Block {
  if (text === '') return gap(0);
  write(doc, style);
  const lineHeight = doc.currentLineHeight(true);
  const options = { width, characterSpacing: style.spacing ?? 0 };
  const height = Math.min(doc.heightOfString(text, options), lineHeight * lines);
  return {
    height,
    // A little more than the height: the wrapper compares sums of rounded line heights with it.
    draw: (y) => write(doc, style).text(text, x, y, { ...options, height: height + 1, ellipsis: true }),
  };
}

/** One line that ends at `right`, set smaller where it would be wider than `width`: a figure is never cut or wrapped. */
export function figure(doc: Doc, text: string, right: number, width: number, style: Style): Block {
  const natural = write(doc, style).widthOfString(text);
  const size = natural > width ? (style.size * width) / natural : style.size;
  const height = doc.currentLineHeight(true);
  const wide = Math.min(natural, width);
  return {
    height,
    draw: (y) =>
      write(doc, { ...style, size }).text(text, right - wide, y + (height * (1 - size / style.size)) / 2, {
        lineBreak: false,
      }),
  };
}

export const gap = (height: number): Block => ({ height, draw: () => undefined });

/** A hairline across; takes no room. */
export const rule = (doc: Doc, x: number, width: number, color: string = COLOR.line, weight = 0.6): Block => ({
  height: 0,
  draw: (y) =>
    doc
      .moveTo(x, y)
      .lineTo(x + width, y)
      .lineWidth(weight)
      .strokeColor(color)
      .stroke(),
});

/** One under the other. */
export const stack = (...blocks: Block[]): Block => ({
  height: blocks.reduce((total, block) => total + block.height, 0),
  draw: (top) => {
    let y = top;
    for (const block of blocks) {
      block.draw(y);
      y += block.height;
    }
  },
});

/** Side by side: all begin at the same height. */
export const beside = (...blocks: Block[]): Block => ({
  height: Math.max(0, ...blocks.map((block) => block.height)),
  draw: (y) => {
    for (const block of blocks) block.draw(y);
  },
});

/** On a tinted ground, with `pad` above and below. Text is lowered a little, because its lines have their slack below. */
export const tinted = (doc: Doc, x: number, width: number, pad: number, block: Block): Block => ({
  height: block.height + 2 * pad,
  draw: (y) => {
    doc.roundedRect(x, y, width, block.height + 2 * pad, 3).fill(COLOR.tint);
    block.draw(y + pad + 1.2);
  },
});

const write = (doc: Doc, { size, bold = false, color = COLOR.ink }: Style): Doc =>
  doc
    .font(bold ? 'Helvetica-Bold' : 'Helvetica')
    .fontSize(size)
    .fillColor(color);
