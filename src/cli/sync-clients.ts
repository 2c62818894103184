// `sync-clients`: reads all clients of the providers that cannot search them by every key, and tells how far it is.
import { needsDirectory } from '../flow/6-listing.ts';
import type { OperationParts } from '../operations/parts.ts';
import { type SyncedClients, syncClients } from '../operations/sync-clients.ts';
import type { Provider } from '../registry.ts';
import { type Failure, failed, misused, type Run } from './command.ts';
import { PROGRAM } from './help.ts';
import { plain } from './terminal.ts';
import { refused, visiting } from './visit.ts';

const HELP = `${PROGRAM} sync-clients --help`;

export const run: Run = async (call) => {
  const { args, options, json, terminal } = call;
  if (args[0] !== undefined) return misused(`sync-clients takes no "${args[0]}"`, HELP);
  return visiting(call, async (parts): Promise<Failure | null> => {
    const { provider: name } = options;
    const asked = name === undefined ? undefined : parts.registry.providers.get(name);
    if (name !== undefined && asked === undefined) {
      const known = [...parts.registry.providers.keys()].join(', ');
      return failed(`there is no provider ${name}`, `--provider with one of ${known}`);
    }
    const synced: SyncedClients[] = [];
    for (const provider of asked === undefined ? listedOnes(parts) : [asked]) {
      const done = await syncClients(parts, provider, (line) => terminal.progress(`${provider.name}: ${line}`));
      if (!done.ok) return refused(done.error, `${PROGRAM} check`);
      synced.push(done.value);
      if (!json) terminal.say(plain(`${provider.name}: ${done.value.clients} clients are listed`));
    }
    if (json) terminal.say(JSON.stringify({ providers: synced }, null, 2));
    else if (synced.length === 0) terminal.say('Every provider searches its clients by itself: no list is kept.');
    return null;
  });
};

const listedOnes = ({ registry }: OperationParts): Provider[] =>
  [...registry.providers.values()].filter((provider) => needsDirectory(registry, provider));
