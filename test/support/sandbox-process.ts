// A process of its own that issues invoices in the sandbox. Started with the data folder and two numbers, it says `ready`,
// waits for a line and issues the orders from the first number up to the second; then it prints what came of each.
import { once } from 'node:events';
import { sandbox } from '../../connectors/sandbox/index.ts';
import { CONTEXT, ioWith } from '../conformance/provider-kit.ts';
import { invoiceDraft, line } from '../conformance/provider-samples.ts';

const [dataDir = '', from = '0', to = '0'] = process.argv.slice(2);
const account = sandbox.connect(sandbox.settings.parse({}), 'books');
const io = ioWith(async () => {
  throw new Error('the sandbox has no network');
}, dataDir);
const client = { id: '1', name: 'Ada Morel', kind: null, email: null, taxNumber: null, externalId: null, empty: [] };

process.stdout.write('ready\n');
await once(process.stdin, 'data');
const outcomes: string[] = [];
for (let order = Number(from); order < Number(to); order++) {
  const composed = account.invoice.compose({ draft: invoiceDraft(`${order}`, [line()]), client }, CONTEXT);
  if (!composed.ok) throw new Error(composed.error.detail);
  const outcome = await account.invoice.send(composed.value, io);
  outcomes.push(outcome.kind === 'rejected' ? outcome.rejection.kind : outcome.kind);
}
process.stdout.write(`${JSON.stringify(outcomes)}\n`);
process.exit(0);
