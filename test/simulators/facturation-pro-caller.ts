// An account of the simulated Facturation.pro for its tests, and how they call it.
import { type FacturationProOptions, type FacturationProSimulator, startFacturationPro } from './facturation-pro.ts';

export let simulator: FacturationProSimulator;
let clock: Date;

/** Starts a fresh account on 21 November 2026. */
export async function open(options: Partial<FacturationProOptions> = {}): Promise<void> {
  clock = new Date('2026-11-21T10:00:00.000Z');
  simulator = await startFacturationPro({ now: () => clock, ...options });
}

/** Lets the account's clock go on. */
export function pass(ms: number): void {
  clock = new Date(clock.getTime() + ms);
}

export const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

/** A call within the firm; a header that is empty is not sent. */
export async function call(method: string, path: string, body?: unknown, changed: Record<string, string> = {}) {
  const { apiId, apiKey, firmId, url } = simulator;
  const headers = {
    ...basic(`${apiId}:${apiKey}`),
    'user-agent': 'Essai (essai@atelier.example)',
    'content-type': 'application/json; charset=utf-8',
    ...changed,
  };
  const answer = await fetch(path.startsWith('/account') ? `${url}${path}` : `${url}/firms/${firmId}${path}`, {
    method,
    redirect: 'manual',
    headers: Object.entries(headers).filter(([, value]) => value !== ''),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') && text !== '';
  return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : null };
}

export const line = { title: 'Affiche', quantity: '1.0', unit_price: '500', vat: '0.200' };
export const addCustomer = (given: Record<string, string | boolean> = {}): number =>
  simulator.books.customers.create({ company_name: 'Atelier Brun', ...given }).id;
export const invoice = (change: object = {}): object => ({ customer_id: addCustomer(), items: [line], ...change });
export const invoiceId = async (change: object = {}, query = ''): Promise<number> =>
  (await call('POST', `/invoices.json${query}`, invoice(change))).json.id;
export const ids = async (path: string): Promise<number[]> =>
  (await call('GET', path)).json.map((row: { id: number }) => row.id);
