// One entry of `sources:` or `providers:`: the keys that every entry has are split off, the rest is its connector's.
import type { z } from 'zod';
import { err, ok, type Result } from '../domain/result.ts';
import { parse, type Shown, unknownName, wrongValue } from './explain.ts';
import { suggestion } from './nearest.ts';
import { type Finding, isBlock, type Path, valueAt } from './path.ts';
import { NAME, NameSchema } from './units.ts';

type AnyConnector = { type: string; settings: z.ZodType<unknown> };

/** An entry that is in order so far: its own keys parsed, and its settings parsed by its connector's schema. */
export type Entry<Connector, Keys> = { name: string; path: Path; connector: Connector; keys: Keys; settings: unknown };

export type Section<Connector, Keys> = {
  name: 'sources' | 'providers';
  connectors: readonly Connector[];
  keys: z.ZodType<Keys> & { shape: object };
};

/** Reads every entry of the section. An entry with findings is not among the entries. */
export function readEntries<Connector extends AnyConnector, Keys>(
  section: Section<Connector, Keys>,
  shown: Shown,
): { entries: Entry<Connector, Keys>[]; findings: Finding[] } {
  const path = [section.name];
  const block = valueAt(shown.root, path);
  const names = isBlock(block) ? Object.keys(block) : [];
  if (names.length === 0) {
    return { entries: [], findings: [wrongValue(path, 'expected a block with at least one name', shown)] };
  }
  const read = names.map((name) => readEntry(section, name, shown));
  return {
    entries: read.flatMap((entry) => (entry.ok ? [entry.value] : [])),
    findings: read.flatMap((entry) => (entry.ok ? [] : entry.error)),
  };
}

function readEntry<Connector extends AnyConnector, Keys>(
  section: Section<Connector, Keys>,
  name: string,
  shown: Shown,
): Result<Entry<Connector, Keys>, Finding[]> {
  const path = [section.name, name];
  const value = valueAt(shown.root, path);
  if (!isBlock(value)) return err([wrongValue(path, 'expected a block of keys', shown)]);

  const findings: Finding[] = [];
  if (!NameSchema.safeParse(name).success) findings.push({ code: 'config_wrong_value', path, detail: NAME });

  const common = Object.keys(section.keys.shape);
  const own: [string, unknown][] = [];
  const rest: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    (common.includes(key) ? own : rest).push([key, item]);
  }

  const keys = parse(section.keys, Object.fromEntries(own), path, shown);
  if (!keys.ok) findings.push(...keys.error);

  const types = section.connectors.map(({ type }) => type);
  const connector = section.connectors.find(({ type }) => type === value.type);
  if (connector === undefined) {
    if (typeof value.type === 'string') {
      findings.push(unknownName([...path, 'type'], 'this type is not known', suggestion(value.type, types), shown));
    }
    return err(findings);
  }
  const settings = parse(connector.settings, Object.fromEntries(rest), path, shown, common);
  if (!settings.ok) findings.push(...settings.error);

  return findings.length === 0 && keys.ok && settings.ok
    ? ok({ name, path, connector, keys: keys.value, settings: settings.value })
    : err(findings);
}
