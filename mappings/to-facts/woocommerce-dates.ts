// WooCommerce's dates: "2026-11-21T10:00:00", without a zone. Its *_gmt fields mean UTC.
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';

/** The instant of a date that means UTC. Fails with `unreadable_date` at `path`; a date that does not exist is none. */
export function instantAt(path: string, text: string | null | undefined): Result<string> {
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text ?? '') ? new Date(`${text}Z`) : null;
  if (instant !== null && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text ?? '')) {
    return ok(instant.toISOString());
  }
  return err(
    problem('unreadable_date', `${path} is no date such as 2026-11-21T10:00:00; correct the order in the shop`, path),
  );
}
