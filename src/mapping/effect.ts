// What a user's mapping makes different, path by path, for the one who is writing it.
import type { Understood } from '../domain/facts.ts';
import type { Json } from '../domain/json.ts';
import type { Result } from '../domain/result.ts';
import { orderToStandard } from './order-to-standard.ts';

/** A place in the order, in the words of docs/standard-order.md; null where nothing stands there. */
type Effect = { path: string; before: string | null; after: string | null };

/** What differs between a delivery as we understand it and as the mapping does. Empty: the mapping changes nothing. */
export function effectOf(before: Result<Understood>, after: Result<Understood>): Effect[] {
  const [was, is] = [before, after].map(inWords);
  const paths = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])];
  return paths
    .map((path) => ({ path, before: was?.get(path) ?? null, after: is?.get(path) ?? null }))
    .filter((effect) => effect.before !== effect.after);
}

/** Every value of what was understood, by its path. */
function inWords(understood: Result<Understood>): Map<string, string> {
  if (!understood.ok) return new Map([['(not understood)', understood.error.detail]]);
  const told = understood.value;
  switch (told.kind) {
    case 'ignored':
      return new Map([['(ignored)', [told.reason, told.detail].filter(Boolean).join(': ')]]);
    case 'fetch':
      return new Map([['(asked for)', told.fetch.join(', ')]]);
    case 'facts': {
      const words = new Map<string, string>();
      for (const fact of told.facts) if (fact.kind === 'order') collect(orderToStandard(fact.order), '', words);
      return words;
    }
  }
}

function collect(json: Json, path: string, into: Map<string, string>): void {
  if (json === null || typeof json !== 'object') {
    into.set(path, String(json));
    return;
  }
  const entries = Array.isArray(json)
    ? json.map((item, index) => [`${path}[${index}]`, item] as const)
    : Object.entries(json).map(([key, item]) => [path === '' ? key : `${path}.${key}`, item] as const);
  for (const [at, item] of entries) collect(item, at, into);
}
