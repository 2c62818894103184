// What the lists have in common: pages, and a table for people or JSON for programs.
import { err, ok, type Result } from '../domain/result.ts';
import { type Listed, PageQuerySchema } from '../operations/pages.ts';
import { type Call, type Failure, misused } from './command.ts';
import { PROGRAM } from './help.ts';

/** The page that `--limit` and `--cursor` ask for. */
export function pageAsked(
  { options }: Call,
  command: string,
): Result<{ limit: number; cursor?: string | undefined }, Failure> {
  const page = PageQuerySchema.safeParse({ limit: options.limit, cursor: options.cursor });
  if (page.success) return ok(page.data);
  const [issue] = page.error.issues;
  return err(misused(`--${issue?.path.join('.')}: ${issue?.message}`, `${PROGRAM} ${command} --help`));
}

/** Writes a list; `none` stands for an empty one. */
export function sayList<Item>(
  { json, terminal }: Call,
  listed: Listed<Item>,
  table: (items: readonly Item[]) => string[],
  none: string,
): void {
  if (json) {
    terminal.say(JSON.stringify(listed, null, 2));
    return;
  }
  terminal.say(listed.items.length === 0 ? none : table(listed.items).join('\n'));
  if (listed.next_cursor !== null) terminal.say(`more: --cursor ${listed.next_cursor}`);
}
