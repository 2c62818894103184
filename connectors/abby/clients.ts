// Clients at Abby: made, found again after an unclear answer, and filled where they are empty.
import { z } from 'zod';
import { readRequest } from '../../mappings/from-document/abby.ts';
import {
  type ClientKind,
  clientRef,
  contactFields,
  kindOf,
  newClientFields,
} from '../../mappings/from-document/abby-buyer.ts';
import type { Effect, ProviderAccount, ProviderIo } from '../../src/connector.ts';
import {
  bears,
  type Client,
  type ClientDraft,
  type ClientKey,
  clientKeys,
  contradiction,
} from '../../src/domain/client.ts';
import { addDays } from '../../src/domain/dates.ts';
import type { Lookup, Outcome } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import { ok } from '../../src/domain/result.ts';
import { readLookup, readOutcome } from '../../src/provider-answer.ts';
import { changesOf } from './client-changes.ts';
import { clientOf, clientPath, type Party, readParty } from './client-wire.ts';
import { clientsSince } from './directory.ts';
import { refusals } from './wire.ts';

const ClientRequestSchema = z.object({
  kind: z.enum(['contact', 'organization']),
  /** JSON text, sent as it is. */
  body: z.string(),
  /** Nothing that was made before this day can be ours. */
  since: z.iso.date(),
});
type ClientRequest = z.infer<typeof ClientRequestSchema>;

/** Makes a client. Abby has no uniqueness here, so a second one is never harmless. */
export const clientEffect: Effect<ClientDraft, Client> = {
  compose: (draft, { today }) =>
    ok(
      JSON.stringify({
        kind: kindOf(draft.buyer),
        body: JSON.stringify(newClientFields(draft)),
        // A day of margin: the seller's date may be ahead of the one that Abby's clock counts in.
        since: addDays(today, -1),
      } satisfies ClientRequest),
    ),
  send: async (request, io) => {
    const asked = readRequest(ClientRequestSchema, request);
    if (asked === null) return { kind: 'not_sent', problem: problem('unusable_request', 'no client request of ours') };
    const { kind, body } = asked;
    const outcome = readOutcome(await io.http({ method: 'POST', path: `/${kind}`, body }), {
      value: (json) => clientIn(kind, json),
      rejection: refusals('refused'),
    });
    return isAboutSiret(outcome) ? advised(outcome) : outcome;
  },
  find: async (draft, request, io) => {
    const asked = readRequest(ClientRequestSchema, request);
    const { buyer } = draft;
    const made = await clientsSince(kindOf(buyer), asked === null ? null : `${asked.since}T00:00:00.000Z`, io);
    if (made.kind === 'failed') return made;
    // Somebody else under the same address is not the client that this draft made.
    const fitting = made.items.map(({ client }) => client).filter((client) => contradiction(client, buyer) === null);
    const key = strongestKey(draft);
    if (key === undefined) return findByMarker(fitting, draft, io);
    return { kind: 'found', items: fitting.filter((client) => bears(client, key, buyer.address.country)) };
  },
  secondIsHarmless: false,
};

/** The strongest key that the new client was given; none where it has its marker instead. */
function strongestKey(draft: ClientDraft): ClientKey | undefined {
  const fields = newClientFields(draft);
  const isNumbered = 'siret' in fields || 'vatNumber' in fields;
  return clientKeys(draft.buyer, null, isNumbered ? ['tax_number'] : ['email'])[0];
}

type Refused = Extract<Outcome<Client>, { kind: 'rejected' }>;

const isAboutSiret = (outcome: Outcome<Client>): outcome is Refused =>
  outcome.kind === 'rejected' && outcome.rejection.kind === 'refused' && /\bsiret\b/i.test(outcome.problem.detail);

/** A SIRET may be missing or wrong, or another organisation may have it: which of these is told in Abby’s own words. */
const advised = (refused: Refused): Refused => ({
  ...refused,
  problem: problem(
    'refused',
    `${refused.problem.detail}. Create the organisation in Abby with its SIRET, or find it there, and name it here as ` +
      'organization:<id>',
  ),
});

const clientIn = (kind: ClientKind, json: Parameters<typeof readParty>[1]): Client | null => {
  const party = readParty(kind, json);
  return party === null ? null : clientOf(party);
};

/** The notes are not in the rows of contacts: everyone of that name is read. */
async function findByMarker(recent: Client[], { buyer, marker }: ClientDraft, io: ProviderIo): Promise<Lookup<Client>> {
  const marked: Client[] = [];
  const names = new Set([buyer.name.trim(), nameAsSent(buyer)]);
  for (const { id } of recent.filter(({ name }) => names.has(name.trim()))) {
    const party = await readById(id, io);
    if (party.kind === 'failed') return party;
    marked.push(...party.items.filter(({ notes }) => notes?.includes(marker)).map(clientOf));
  }
  return { kind: 'found', items: marked };
}

function nameAsSent(buyer: ClientDraft['buyer']): string {
  const { firstname, lastname } = contactFields(buyer);
  return `${firstname} ${lastname}`;
}

async function readById(clientId: string, io: ProviderIo): Promise<Lookup<Party>> {
  const ref = clientRef(clientId);
  if (ref === null) return { kind: 'found', items: [] };
  const answer = await io.http({ method: 'GET', path: clientPath(ref) });
  return readLookup<Party>(answer, {
    items: (json) => {
      const party = readParty(ref.kind, json);
      return party?.id === ref.id ? [party] : null;
    },
    rejection: refusals('stale_client'),
  });
}

/**
 * Sends only where something changes, and then the whole record: whether a PUT empties what it leaves out is not told.
 */
export const updateClient: ProviderAccount['updateClient'] = async (client, draft, overwrite, io) => {
  const ref = clientRef(client.id);
  if (ref === null || (!overwrite && client.empty.length === 0)) return { kind: 'done', value: client };
  const now = await readById(client.id, io);
  if (now.kind === 'failed') return { kind: 'not_sent', problem: now.problem };
  const [party] = now.items;
  if (party === undefined) return { kind: 'done', value: client };
  const changed = changesOf(party, draft.buyer, overwrite);
  if (changed === null) return { kind: 'done', value: clientOf(party) };
  const answer = await io.http({ method: 'PUT', path: clientPath(ref), body: JSON.stringify(changed) });
  return readOutcome(answer, {
    value: (json) => {
      const updated = clientIn(ref.kind, json);
      return updated?.id === client.id ? updated : null;
    },
    rejection: refusals('stale_client'),
  });
};
