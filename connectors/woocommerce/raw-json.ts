// The values of a JSON list in the very text they were sent in, which a parse and a print would change: 17.50 stays 17.50.

/** Strings, whole, and the characters that open, part and close lists and objects. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},]/gs;

/** The text of each value of a JSON list. The text must have been parsed as a list before. */
export function textsOfList(list: string): string[] {
  const texts: string[] = [];
  let depth = 0;
  let start = 0;
  const end = (at: number): void => {
    const text = list.slice(start, at).trim();
    if (text !== '') texts.push(text);
    start = at + 1;
  };
  for (const { 0: token, index } of list.matchAll(TOKENS)) {
    if (token === '[' || token === '{') {
      depth += 1;
      if (depth === 1) start = index + 1;
    } else if (token === ']' || token === '}') {
      depth -= 1;
      if (depth === 0) end(index);
    } else if (token === ',' && depth === 1) end(index);
  }
  return texts;
}
