// Simulated accounts of every provider, as a configuration names them.
import { type AbbySimulator, startAbby } from '../simulators/abby.ts';
import { type FacturationProSimulator, startFacturationPro } from '../simulators/facturation-pro.ts';
import { type FastFakturaSimulator, startFastFaktura } from '../simulators/fastfaktura.ts';
import { startVosFactures, type VosFacturesSimulator } from '../simulators/vosfactures.ts';
import type { ProviderAccountOf } from './flow-world.ts';

export const abbyAccount: ProviderAccountOf<AbbySimulator> = {
  start: (now) => startAbby({ now }),
  settings: ({ url, apiKey }) => `type: abby, base_url: "${url}", api_key: "${apiKey}", mark_paid: true`,
};

/** The limit is lifted, since the clock of a test stands still. */
export const facturationProAccount: ProviderAccountOf<FacturationProSimulator> = {
  start: (now) => startFacturationPro({ now, limit: { requests: 1_000_000, perMs: 1000 } }),
  settings: ({ url, firmId, apiId, apiKey }) =>
    `type: facturation-pro, base_url: "${url}", firm_id: ${firmId}, api_id: "${apiId}", api_key: "${apiKey}", user_agent: "Tests (tests@bridge.example)"`,
};

export const fastFakturaAccount: ProviderAccountOf<FastFakturaSimulator> = {
  start: (now) => startFastFaktura({ now }),
  settings: ({ baseUrl, apiKey }) => `type: fastfaktura, base_url: "${baseUrl}", api_key: "${apiKey}"`,
};

export const vosfacturesAccount: ProviderAccountOf<VosFacturesSimulator> = {
  start: (now) => startVosFactures({ now }),
  settings: ({ url, token }) => `type: vosfactures, base_url: "${url}", api_token: "${token}"`,
};
