// A simulated VosFactures account and the connector bound to it.
import { vosfactures } from '../../connectors/vosfactures/index.ts';
import { connectOverHttp, NOW } from '../conformance/provider-kit.ts';
import { startVosFactures, type VosFacturesOptions, type VosFacturesSimulator } from '../simulators/vosfactures.ts';

export type VosFacturesWorld = ReturnType<typeof connectOverHttp> & { simulator: VosFacturesSimulator };
type Options = Partial<VosFacturesOptions> & { settings?: object };

/** Runs a test on a fresh account, set up and connected as told. */
export async function inVosFactures(
  { settings, ...options }: Options,
  run: (world: VosFacturesWorld) => Promise<void>,
): Promise<void> {
  const simulator = await startVosFactures({ now: () => NOW, ...options });
  try {
    const account = { base_url: simulator.url, api_token: simulator.token, ...settings };
    await run({ ...connectOverHttp(vosfactures, account), simulator });
  } finally {
    await simulator.close();
  }
}
