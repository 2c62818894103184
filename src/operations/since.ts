// Since when something is looked at, as a person writes it.
import { z } from 'zod';
import { ok } from '../domain/result.ts';
import { type Answered, invalid } from './parts.ts';

const MILLISECONDS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const isUnit = (text: string): text is keyof typeof MILLISECONDS => text in MILLISECONDS;

/** A date (its midnight in UTC), an instant with a zone, or a time back from now: `90m`, `48h`, `7d`. Never in the future. */
export function sinceIn(text: string, now: Date): Answered<Date> {
  const millis = back(text, now) ?? instant(text);
  if (millis === null) {
    return invalid('since_unclear', `“${text}” is no date (2026-11-01), instant or time back (48h, 7d)`, 'since');
  }
  return millis > now.getTime()
    ? invalid('since_in_future', `${text} is still to come`, 'since')
    : ok(new Date(millis));
}

function back(text: string, now: Date): number | null {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  return count !== undefined && isUnit(unit) ? now.getTime() - Number(count) * MILLISECONDS[unit] : null;
}

const instant = (text: string): number | null =>
  z.union([z.iso.date(), z.iso.datetime({ offset: true })]).safeParse(text).success ? Date.parse(text) : null;
