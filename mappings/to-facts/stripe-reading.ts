// What every part of Stripe's mapping shares: the user's settings for it, and how outcomes are told.
import type { z } from 'zod';
import type { Fact, Understood } from '../../src/domain/facts.ts';
import type { Decimal } from '../../src/domain/money.ts';
import { problem } from '../../src/domain/problem.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';

/** How a source reads what Stripe tells, worked out from its settings. */
export type StripeReading = {
  /** Whose mode counts; what is of the other one is ignored. */
  mode: 'any' | 'live' | 'test';
  /** True where Stripe's API may be asked for what an event does not carry. */
  canFetch: boolean;
  /** True where the API key is a live one: a refund does not say so itself. */
  keyIsLive: boolean;
  /** Where a payment may name its order: LINK_KEYS or `metadata.<name>`. */
  linkBy: readonly string[];
  /** The percentage inside prices of which Stripe tells no tax; `none` where they bear none; null: unknown. */
  taxRate: Decimal | 'none' | null;
  /** What becomes of sales for which Stripe issued a numbered invoice of its own. */
  invoices: 'ignore' | 'invoice';
};

/** Of which mode something is, and when it was told, in Unix seconds. */
export type Told = { livemode: boolean; at: string };

export const ignored = (reason: string): Result<Understood> => ok({ kind: 'ignored', reason });

/** Facts, and what to ask for besides them where it can be asked. */
export const facts = (told: Fact[], fetch: readonly string[] = []): Result<Understood> =>
  ok(fetch.length === 0 ? { kind: 'facts', facts: told } : { kind: 'facts', facts: told, fetch });

/** The reason to ignore what is of this mode; null where it counts. */
export function otherMode(livemode: boolean, { mode }: StripeReading): string | null {
  if (mode === 'live' && !livemode) return 'test_mode';
  if (mode === 'test' && livemode) return 'live_mode';
  return null;
}

/** Why a payment for which Stripe issued an invoice is no sale of its own. */
export const invoicedByStripe = ({ invoices }: StripeReading): Result<Understood> =>
  ignored(invoices === 'invoice' ? 'told_by_invoice' : 'invoiced_by_stripe');

/** The value in the schema's form, or a problem of this code with the path of what does not fit. */
export function readAs<S extends z.ZodType>(schema: S, json: unknown, code: string): Result<z.output<S>> {
  const read = schema.safeParse(json);
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  const at = issue?.path.join('.') ?? '';
  return err(problem(code, `${at}: ${issue?.message ?? 'unexpected'}`, at));
}

/** A UTC instant of Unix seconds. */
export const instantOf = (seconds: string): string => new Date(Number(seconds) * 1000).toISOString();
