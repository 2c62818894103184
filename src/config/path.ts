// Where in bridge.yaml something stands, for programs and for people.

/** Keys and list positions from the top of the file. */
export type Path = readonly (string | number)[];

/** A finding about the file, before its line is looked up. */
export type Finding = { code: string; path: Path; detail: string };

/** `sources.shop.secret[1]`; a key of other characters is quoted. The top of the file is the empty text. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[\w-]{1,60}$/.test(part)) return `${text}[${JSON.stringify(part.slice(0, 60))}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** A mapping of keys, as opposed to a list, a text or nothing. */
export function isBlock(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value under the path, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (Array.isArray(value)) return typeof part === 'number' ? value[part] : undefined;
    return isBlock(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }, root);
}
