// A simulated Abby account as the connector's tests see it, and the calls that one order takes there.
import { abby } from '../../connectors/abby/index.ts';
import { connectOverHttp, NOW } from '../conformance/provider-kit.ts';
import { invoiceDraft, line, person } from '../conformance/provider-samples.ts';
import { type AbbyOptions, type AbbySimulator, startAbby } from '../simulators/abby.ts';

export type World = ReturnType<typeof connectOverHttp> & { simulator: AbbySimulator; calls(): string[] };
type Options = Partial<AbbyOptions> & { settings?: object };

/** Runs a test in a fresh account, which is closed whatever comes of it. */
export async function inWorld({ settings, ...options }: Options, run: (world: World) => Promise<void>): Promise<void> {
  const simulator = await startAbby({ now: () => NOW, siret: 'optional', ...options });
  try {
    const given = { base_url: simulator.url, api_key: simulator.apiKey, mark_paid: true, ...settings };
    let told = 0;
    /** The calls since this was last asked, ids left out. */
    const calls = (): string[] => {
      const fresh = simulator.requests().slice(told);
      told += fresh.length;
      return fresh.map(({ method, url }) => `${method} ${url.split('?')[0]?.replace(/[\da-f-]{20,}/g, ':id')}`);
    };
    await run({ ...connectOverHttp(abby, given), simulator, calls });
  } finally {
    await simulator.close();
  }
}

export const MAKE = ['POST /v2/billing/invoice/:id'];
export const FILL = [
  'PATCH /v2/billing/:id/lines',
  'PATCH /v2/billing/invoice/:id/timeline',
  'PATCH /v2/billing/:id/title',
];
export const DELIVERY = ['PATCH /v2/billing/:id/delivery-address'];
export const FINALIZE = ['PATCH /v2/billing/:id/finalize'];

/** An order without a delivery address of its own. */
export const plain = (orderId: string, gross = 1200n) =>
  invoiceDraft(orderId, [line({ gross })], { buyer: { ...person, delivery: null } });
