// A provider in memory whose documents come about in steps: a draft is made, filled and made final, and each request of
// that can fail on its way there or on its way back. What a draft says is what was last written into it.

import { z } from 'zod';
import type {
  CreditNoteIntent,
  DocumentEffect,
  Drafting,
  InvoiceIntent,
  ProviderAccount,
  SendIntent,
  Sent,
} from '../../src/connector.ts';
import type { Issued } from '../../src/domain/document.ts';
import { toJson } from '../../src/domain/json.ts';
import { MinorSchema } from '../../src/domain/money.ts';
import type { Lookup, Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { ok } from '../../src/domain/result.ts';
import { literalBooks } from './literal-connectors.ts';

/** The requests of a document's way, and the one that sends it. */
export type Call = 'create' | 'find' | 'read' | 'fill' | 'finalize' | 'discard' | 'email';

/**
 * What becomes of a request. `unsent`: proved, it never left. `lost`: unknown, it never arrived. `done`: unknown, it was
 * acted upon. `later`: unknown, it is acted upon with `release`. `refused`, `throttled`, `stale`: proved.
 */
export type Fate = 'unsent' | 'lost' | 'done' | 'later' | 'refused' | 'throttled' | 'stale';

/** A document in the books. `date` is the one that it was last written with. */
export type BookDocument = Pick<Issued, 'providerId' | 'number' | 'total' | 'clientId' | 'state'> & {
  marker: string;
  kind: 'invoice' | 'credit_note';
  date: string;
  paid: bigint;
};

const ContentSchema = z.object({
  marker: z.string(),
  kind: z.enum(['invoice', 'credit_note']),
  total: MinorSchema,
  clientId: z.string().nullable(),
  date: z.string(),
});

export type DraftingBooks = {
  account: ProviderAccount;
  documents: BookDocument[];
  /** Addresses to which a document was sent. */
  sent: string[];
  /** Requests that arrived or were lost, in their order. */
  calls: Call[];
  /** The next request of this sort meets this. */
  failNext(call: Call, fate: Fate): void;
  /** Lets happen what is acted upon late. */
  release(): void;
  /** Takes what is acted upon late, until it is released; a test may let time bring it instead. */
  late(act: () => void): void;
  /** Added to every total that the provider computes. */
  off: bigint;
  /** Called around every request: a test that throws here kills the process at that instant. */
  instant(): void;
};

/** What the API of these books can do; everything, where it is not said otherwise. */
export type Abilities = {
  finds?: boolean;
  discards?: boolean;
  secondIsHarmless?: boolean;
  capabilities?: Partial<ProviderAccount['capabilities']>;
};

const unknown = { kind: 'unknown', problem: problem('no_answer', 'the answer was lost') } as const;

export function draftingBooks(abilities: Abilities = {}): DraftingBooks {
  const { finds = true, discards = true, secondIsHarmless = true } = abilities;
  const literal = literalBooks('drafting');
  const faults: { call: Call; fate: Fate }[] = [];
  let waiting: (() => void)[] = [];
  let made = 0;

  /** One request: what it does at the provider, and what comes back of it. */
  async function ask<T>(call: Call, act: () => Outcome<T>): Promise<Outcome<T>> {
    books.instant();
    books.calls.push(call);
    const at = faults.findIndex((fault) => fault.call === call);
    const fate = at === -1 ? null : faults.splice(at, 1)[0]?.fate;
    const outcome = fate === null || fate === undefined ? act() : meet(fate, act);
    books.instant();
    return outcome;
  }
  function meet<T>(fate: Fate, act: () => Outcome<T>): Outcome<T> {
    switch (fate) {
      case 'unsent':
        return { kind: 'not_sent', problem: problem('unreachable', 'no connection') };
      case 'lost':
        return unknown;
      case 'done':
        act();
        return unknown;
      case 'later':
        books.late(act);
        return unknown;
      case 'refused':
        return { kind: 'rejected', rejection: { kind: 'refused' }, problem: problem('refused', 'the books say no') };
      case 'throttled':
        return {
          kind: 'rejected',
          rejection: { kind: 'throttled', retryAfterMs: 60_000 },
          problem: problem('throttled', 'too many requests'),
        };
      case 'stale':
        return {
          kind: 'rejected',
          rejection: { kind: 'stale_client' },
          problem: problem('not_found', 'no such client'),
        };
    }
  }
  async function look(call: Call, items: () => BookDocument[]): Promise<Lookup<Issued>> {
    const outcome = await ask(call, () => done(items().map(show)));
    return outcome.kind === 'done'
      ? { kind: 'found', items: outcome.value }
      : { kind: 'failed', problem: outcome.problem, unanswered: outcome.kind !== 'rejected' };
  }

  const done = <T>(value: T): Outcome<T> => ({ kind: 'done', value });
  const gone = { kind: 'rejected', rejection: { kind: 'gone' }, problem: problem('gone', 'no such draft') } as const;
  const refused = {
    kind: 'rejected',
    rejection: { kind: 'refused' },
    problem: problem('refused', 'a final document never changes'),
  } as const;
  const show = (document: BookDocument): Issued => ({ ...document, currency: 'EUR', publicUrl: null });
  const byId = (id: string): BookDocument | undefined => books.documents.find(({ providerId }) => providerId === id);
  const content = (request: string) => {
    const read = ContentSchema.parse(JSON.parse(request));
    return { ...read, total: read.total + books.off };
  };

  const drafting: Drafting = {
    fill: (draft, request, composedAnew) =>
      ask('fill', () => {
        const document = byId(draft.providerId);
        if (document === undefined) return gone;
        if (document.state === 'final') return composedAnew ? refused : done(show(document));
        // What it was made with it says already.
        if (composedAnew) Object.assign(document, content(request));
        return done(show(document));
      }),
    finalize: (draft) =>
      ask('finalize', () => {
        const document = byId(draft.providerId);
        if (document === undefined) return gone;
        if (document.state === 'draft') {
          const n = books.documents.filter(({ state }) => state === 'final').length + 1;
          Object.assign(document, { state: 'final', number: `F-${n}` });
        }
        return done(show(document));
      }),
    discard: discards
      ? (draft) =>
          ask('discard', () => {
            if (byId(draft.providerId)?.state === 'final') return refused;
            books.documents = books.documents.filter(({ providerId }) => providerId !== draft.providerId);
            return done(null);
          })
      : null,
  };
  const effect = <Intent extends { draft: { key: string } }>(
    kind: BookDocument['kind'],
    contentOf: (intent: Intent) => { total: bigint; clientId: string | null },
  ): DocumentEffect<Intent> => ({
    secondIsHarmless,
    drafting,
    compose: (intent, { today }) => ok(toJson({ marker: intent.draft.key, kind, date: today, ...contentOf(intent) })),
    send: (request) =>
      ask('create', () => {
        const document: BookDocument = {
          ...content(request),
          providerId: `d${++made}`,
          number: '',
          state: 'draft',
          paid: 0n,
        };
        books.documents.push(document);
        return done(show(document));
      }),
    find: finds
      ? ({ draft }) => look('find', () => books.documents.filter(({ marker }) => marker === draft.key))
      : null,
  });
  const books: DraftingBooks = {
    documents: [],
    sent: [],
    calls: [],
    off: 0n,
    instant: () => undefined,
    failNext: (call, fate) => {
      faults.push({ call, fate });
    },
    release: () => {
      const due = waiting;
      waiting = [];
      for (const act of due) act();
    },
    late: (act) => {
      waiting.push(act);
    },
    account: {
      ...literal.account,
      capabilities: {
        ...literal.account.capabilities,
        drafts: true,
        paidAtCreation: false,
        creditNotes: 'parts',
        email: true,
        ...abilities.capabilities,
      },
      invoice: effect<InvoiceIntent>('invoice', ({ draft, client }) => ({ total: draft.total, clientId: client.id })),
      creditNote: effect<CreditNoteIntent>('credit_note', ({ draft, invoice }) => ({
        total: draft.amount,
        clientId: invoice.clientId,
      })),
      payment: {
        secondIsHarmless: false,
        compose: ({ draft, invoice }) => ok(toJson({ id: invoice.providerId, amount: draft.received.amount })),
        find: async () => ({ kind: 'found', items: [] }),
        send: async (request) => {
          const { id, amount } = z.object({ id: z.string(), amount: MinorSchema }).parse(JSON.parse(request));
          const document = byId(id);
          if (document === undefined) return gone;
          document.paid += amount;
          return done({ providerId: null, paid: document.paid });
        },
      },
      email: {
        secondIsHarmless: false,
        compose: ({ draft }: SendIntent) => ok(toJson(draft.to)),
        find: null,
        send: (request) =>
          ask<Sent>('email', () => {
            books.sent.push(z.string().parse(JSON.parse(request)));
            return done({ at: null });
          }),
      },
      read: (id) => look('read', () => books.documents.filter(({ providerId }) => providerId === id)),
    },
  };
  return books;
}
