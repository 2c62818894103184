// What the bridge leaves with an order: one private note for each document, which the buyer never sees.
import { z } from 'zod';
import type { SourceIo, WriteBack } from '../../src/connector.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { readLookup, readOutcome } from '../../src/provider-answer.ts';
import { API, notDone, rejection } from './answers.ts';

const NoteSchema = z.object({ id: z.string(), note: z.string() });

/** Leaves the note unless one with the document's key is there already, whoever has added to it since. */
export async function leaveNote(document: WriteBack, io: SourceIo): Promise<Outcome<null>> {
  const path = `${API}/orders/${encodeURIComponent(document.orderId)}/notes`;
  const notes = readLookup(await io.http({ method: 'GET', path }), {
    items: (json) => z.array(NoteSchema).safeParse(json).data ?? null,
    rejection,
  });
  if (notes.kind === 'failed') return notDone(notes);
  const marker = `[${document.key}]`;
  if (notes.items.some(({ note }) => note.includes(marker))) return { kind: 'done', value: null };
  const body = JSON.stringify({ note: textOf(document, marker), customer_note: false });
  const left = readOutcome(await io.http({ method: 'POST', path, body }), {
    value: (json) => NoteSchema.safeParse(json).data ?? null,
    rejection,
  });
  return left.kind === 'done' ? { kind: 'done', value: null } : left;
}

const NAMES = { invoice: 'Invoice', credit_note: 'Credit note' } satisfies Record<WriteBack['kind'], string>;

const textOf = ({ kind, number, url }: WriteBack, marker: string): string =>
  [`${NAMES[kind]} ${number}`, ...(url === null ? [] : [url]), marker].join(' ');
