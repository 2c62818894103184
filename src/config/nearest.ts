// Which known word was probably meant by an unknown one.

/** `did you mean "secret"?` where a candidate is near enough, else the candidates themselves. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === null ? `known are ${candidates.join(', ') || 'none'}` : `did you mean "${near}"?`;
}

/** The candidate that begins with the word, or differs least, in at most a third of its letters. Case is ignored. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const begun = candidates.find((candidate) => word.length >= 3 && candidate.startsWith(word.toLowerCase()));
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: edits(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.edits - b.edits);
  return begun ?? best?.candidate ?? null;
}

/** Insertions, deletions, replacements and swaps of neighbours from one word to the other (optimal string alignment). */
function edits(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = isSwap ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(at(last, column) + 1, at(current, column - 1) + 1, replaced, swapped));
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;
