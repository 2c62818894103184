// One order for texts, the same on every machine whatever its language.

/** By code units: the same everywhere, unlike a comparison by language. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
