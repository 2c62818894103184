// Gateways and payment method types as shops and Stripe name them, and the mode that an invoice shows.
import type { PaymentMode } from '../../src/domain/order.ts';

// A map, because gateway ids come from outside and "constructor" must not find anything.
const MODES = new Map(
  Object.entries<PaymentMode>({
    // WooCommerce gateway ids
    bacs: 'transfer',
    cheque: 'cheque',
    cod: 'cash',
    'ppcp-gateway': 'paypal',
    paypal: 'paypal',
    ppec_paypal: 'paypal',
    stripe: 'card',
    stripe_cc: 'card',
    stripe_sepa: 'direct_debit',
    stripe_sepa_debit: 'direct_debit',
    woocommerce_payments: 'card',
    payplug: 'card',
    mollie_wc_gateway_creditcard: 'card',
    // PrestaShop module names
    bankwire: 'transfer',
    ps_wirepayment: 'transfer',
    ps_checkpayment: 'cheque',
    cashondelivery: 'cash',
    ps_cashondelivery: 'cash',
    stripe_official: 'card',
    // Shopware's payment methods by their technical names
    payment_invoicepayment: 'transfer',
    payment_prepayment: 'transfer',
    payment_cashpayment: 'cash',
    payment_debitpayment: 'direct_debit',
    handler_shopware_invoicepayment: 'transfer',
    handler_shopware_prepayment: 'transfer',
    handler_shopware_cashpayment: 'cash',
    handler_shopware_debitpayment: 'direct_debit',
    swag_paypal_paypal: 'paypal',
    handler_swag_paypalpaymenthandler: 'paypal',
    // Shopify gateway names
    shopify_payments: 'card',
    gift_card: 'voucher',
    bogus: 'card',
    'bank deposit': 'transfer',
    'cash on delivery (cod)': 'cash',
    'money order': 'cheque',
    manual: 'other',
    // Stripe payment method types
    card: 'card',
    card_present: 'card',
    link: 'card',
    sepa_debit: 'direct_debit',
    bacs_debit: 'direct_debit',
    ach_debit: 'direct_debit',
    us_bank_account: 'direct_debit',
    customer_balance: 'transfer',
  }),
);

/** The mode of a gateway id or payment method type, case ignored; `other` for one that is not listed. */
export const paymentMode = (gateway: string): PaymentMode => MODES.get(gateway.trim().toLowerCase()) ?? 'other';
