// The catalogue: every outside system that a configuration may name, in alphabetical order.
import { abby } from './abby/index.ts';
import { bigcommerce } from './bigcommerce/index.ts';
import { facturationPro } from './facturation-pro/index.ts';
import { fastfaktura } from './fastfaktura/index.ts';
import { prestashop } from './prestashop/index.ts';
import { sandbox } from './sandbox/index.ts';
import { shopify } from './shopify/index.ts';
import { shopware } from './shopware/index.ts';
import { standard } from './standard/index.ts';
import { stripe } from './stripe/index.ts';
import { vosfactures } from './vosfactures/index.ts';
import { woocommerce } from './woocommerce/index.ts';

export const catalogue = {
  providers: [abby, facturationPro, fastfaktura, sandbox, vosfactures],
  sources: [bigcommerce, prestashop, shopify, shopware, standard, stripe, woocommerce],
};
