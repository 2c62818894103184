// The terminal: text in columns, colours where a person looks, and readers that may leave before the end.
import { stripVTControlCharacters, styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

export type Terminal = {
  /** Writes a line (or several) to standard output. */
  say(text: string): void;
  /** Writes a line to standard error. */
  complain(text: string): void;
  /** The text in a style, or plain where nobody sees colours: no terminal, or NO_COLOR is set. */
  styled(style: Style, text: string): string;
  /** Replaces the line under way; on what is no terminal it says nothing. Ends with `say`. */
  progress(text: string): void;
};

/** No line that we lay out is longer. */
export const WIDTH = 100;

/** The terminal of this process. A reader that closes its pipe (`| head`) is no error: the rest is dropped. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  let underWay = false;
  const clear = (): void => {
    if (underWay) stderr.write('\r\u001b[K');
    underWay = false;
  };
  return {
    say: (text) => {
      clear();
      stdout.write(`${text}\n`);
    },
    complain: (text) => {
      clear();
      stderr.write(`${text}\n`);
    },
    styled: (style, text) => styleText(style, text, { stream: stdout }),
    progress: (text) => {
      if (!stderr.isTTY) return;
      stderr.write(`\r\u001b[K${cut(text, WIDTH)}`);
      underWay = true;
    },
  };
}

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/** The text in at most `width` characters. */
export const cut = (text: string, width: number): string =>
  widthOf(text) <= width ? text : `${stripVTControlCharacters(text).slice(0, Math.max(0, width - 1))}…`;

const GAP = '  ';

/**
 * Rows as aligned lines of at most `width` characters: what does not fit is cut in the widest column. Control characters
 * in the cells, which come from outside, are made harmless by the caller through `plain`.
 */
export function columns(rows: readonly (readonly string[])[], width = WIDTH): string[] {
  const count = Math.max(0, ...rows.map(({ length }) => length));
  const widths = Array.from({ length: count }, (_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  const spare = width - GAP.length * (count - 1);
  for (let over = total(widths) - spare; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const shown = cut(cell, widths[at] ?? 0);
        return shown + ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(shown)));
      })
      .join(GAP)
      .trimEnd(),
  );
}

const total = (widths: readonly number[]): number => widths.reduce((sum, one) => sum + one, 0);

/** The words in lines of at most WIDTH characters, each behind the indent. A word that is longer stays whole. */
export function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}

/** Text from outside on one line, without anything that could steer a terminal. */
export const plain = (text: string): string => stripVTControlCharacters(text).replace(/\p{Cc}+/gu, ' ');
