// The PrestaShop source: orders of a shop, read from its webservice. README.md has the set-up and the shop's peculiarities.
import { understandPrestaShop } from '../../mappings/to-facts/prestashop.ts';
import type { SourceConnector } from '../../src/connector.ts';
import { prestaShopApi } from './api.ts';
import { type Settings, SettingsSchema } from './settings.ts';
import { verifyPrestaShop } from './webhook.ts';

export const prestashop = {
  role: 'source',
  type: 'prestashop',
  label: 'PrestaShop',
  tells: 'shop',
  hintsOnly: true,
  settings: SettingsSchema,
  // Modules send either.
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  verify: (delivery, settings) => verifyPrestaShop(delivery, settings),
  revision: 1,
  understand: (delivery, settings) =>
    understandPrestaShop(delivery, { timeZone: settings.time_zone, ownInvoices: settings.own_invoices }),
  api: prestaShopApi,
} satisfies SourceConnector<Settings>;
