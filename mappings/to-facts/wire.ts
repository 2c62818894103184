// What the schemas of all senders have in common: texts as people read them, and lists that may be missing.
import { z } from 'zod';

/** One line of at most `max` UTF-16 units: control characters and runs of spaces are one space, no character is cut in two. */
export const oneLine = (raw: string, max: number): string =>
  raw
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .toWellFormed()
    .trim()
    .slice(0, max)
    .replace(/[\ud800-\udbff]$/, '')
    .trim();

/** Plain text of at most `max` UTF-16 units; empty where the sender says nothing. */
export const text = (max: number) =>
  z
    .string()
    .nullish()
    .transform((value) => oneLine(value ?? '', max));

/** Missing and null both mean that there is nothing. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
