// How a simulated Abby shows its invoices and credit notes, by the names of its OpenAPI or of a captured answer.
import Big from 'big.js';
import { type Amounts, lineAmounts } from './abby-amounts.ts';
import type { AbbyBilling } from './abby-billing.ts';
import type { CustomerRecord, DocumentRecord } from './abby-records.ts';
import { type Line, VAT_RATES } from './abby-schemas.ts';
import type { AbbySwitches } from './abby-switches.ts';
import { COMPANY, USER } from './abby-views.ts';
import { asNumber } from './abby-wire.ts';

const DISPLAYED = {
  displayFullName: true,
  displayEmail: true,
  displayPhoneNumber: false,
  displaySAPAgreement: false,
  displayLegalStatus: true,
  displayRequiredMentionsProduct: false,
  displayMemberOfAnApprovedAssociation: false,
  displayAbbyLogo: true,
  displayTitle: true,
  displayGoodForApproval: false,
  displayEstimateNumber: false,
};

/** An invoice or a credit note, read by its id or answered to a change of it. */
export function documentView(document: DocumentRecord, billing: AbbyBilling, switches: AbbySwitches): object {
  const { lines, discount, mentions, invoiceId } = document;
  const amounts = lineAmounts(lines, discount);
  return {
    ...documentRow(document, billing, switches),
    attachments: [],
    emitter: { name: COMPANY.commercialName, fullName: USER.fullname, email: USER.email, siret: COMPANY.siret },
    billingLegals: { vatMention: null, paymentMethods: [], ...mentions },
    lines: lines.map((line, index) => lineView(line, amounts[index])),
    discount: discount && { ...discount, amount: asNumber(discount.amount) },
    latePenalty: mentions.latePenalty ?? undefined,
    lumpSumCompensation: mentions.lumpSumCompensation ?? undefined,
    discountAdvancePayment: mentions.discountAdvancePayment ?? null,
    ...(invoiceId === null ? {} : { parent: documentRow(billing.invoice(invoiceId), billing, switches) }),
  };
}

/** A row of the undocumented list: whether it has lines is not told, so it has none. */
export function documentRow(document: DocumentRecord, billing: AbbyBilling, switches: AbbySwitches): object {
  const { id, type, state, locale, currency, createdAt, updatedAt, test, displayDeliveryAddress } = document;
  const requirements = billing.requirements(document);
  const draft = state === 'draft';
  const timeline: Timeline = document.timeline ?? { emittedAt: createdAt, paymentDelay: 'at_reception' };
  return {
    id,
    ...known({ number: document.number, title: document.title }),
    type,
    state,
    customer: customerView(document.customer, test),
    locale,
    emittedAt: timeline.emittedAt,
    finalizable: draft && requirements.length === 0,
    finalizeRequirements: requirements,
    test,
    isEditable: draft,
    isDeletable: draft,
    currencyCode: currency,
    currency: {
      currencyCode: currency,
      currencyDate: createdAt,
      currencyRate: document.currencyRate,
      origin: 'ECB',
    },
    createdAt,
    updatedAt,
    compatibilityVersion: 'V2',
    displayDeliveryAddress,
    paymentDelay: timeline.paymentDelay,
    dueAt: dueAt(timeline),
    ...known({
      deliveryDate: timeline.deliveryDate,
      finalizedAt: document.finalizedAt,
      paidAt: document.paidAt,
      archivedAt: document.archivedAt,
      lastSendByEmailAt: document.sentAt,
    }),
    total: totalView(document, billing, switches),
    includeDiscountDisbursement: false,
    displaySettings: DISPLAYED,
    ...(type === 'invoice' ? invoiceFlags(document, state === 'paid') : {}),
  };
}

const invoiceFlags = ({ mentions }: DocumentRecord, paid: boolean) => ({
  isReminderActivated: false,
  isOnlinePaymentActivated: mentions.isOnlinePaymentActivated ?? false,
  isFinalInvoice: false,
  hasAssociatedTransaction: paid,
});

/** Documents write `line1` where a client's own address says `address`. */
function customerView({ client, deliveryAddress, ...customer }: CustomerRecord, test: boolean): object {
  const { billingAddress, deliveryAddress: usual } = client.details;
  const written = (address: typeof billingAddress) =>
    address && {
      ...known({ line1: address.address, line2: address.complement, city: address.city, zipCode: address.zipCode }),
      country: address.country,
    };
  const people =
    client.kind === 'contact'
      ? { firstname: client.details.firstname, lastname: client.details.lastname, phoneNumber: client.details.phone }
      : {
          commercialName: client.details.commercialName,
          siret: client.details.siret,
          vatNumber: client.details.vatNumber,
        };
  return {
    id: customer.id,
    legacyId: customer.id.slice(-12),
    name: customer.name,
    ...people,
    emails: client.details.emails ?? [],
    ...known({ contactId: customer.contactId, organizationId: customer.organizationId }),
    billingAddress: written(billingAddress) ?? null,
    deliveryAddress: deliveryAddress ?? written(usual),
    deliveryAddressIsSame: deliveryAddress === null && usual === undefined,
    language: client.details.preferences?.language,
    currency: client.details.preferences?.currency,
    token: `portal-${customer.id}`,
    test,
  };
}

function lineView(line: Line, amounts: Amounts | undefined): object {
  if (amounts === undefined) throw new Error('a line has no amounts');
  const { unitPrice, quantity, discount, ...rest } = line;
  return {
    ...rest,
    unitPrice: asNumber(unitPrice),
    quantity: asNumber(quantity),
    discount:
      discount === undefined ? { mode: 'AMOUNT', amount: 0 } : { ...discount, amount: asNumber(discount.amount) },
    priceWithoutTaxBeforeDiscount: asNumber(amounts.before),
    discountAmount: asNumber(amounts.before - amounts.net),
    priceWithoutTaxAfterDiscount: asNumber(amounts.net),
    vatAmount: asNumber(amounts.vat),
    priceTotalTax: asNumber(amounts.gross),
  };
}

/**
 * `remainingAmountWithTax` is read as what credit notes leave of the invoice, `remainingReconciliateAmount` as what is still
 * to be paid of that; the OpenAPI names them without a word.
 */
function totalView(document: DocumentRecord, billing: AbbyBilling, switches: AbbySwitches): object {
  const { totals } = document;
  const signed = (cents: bigint): number =>
    asNumber(document.type === 'asset' && switches.assetTotals === 'negative' ? -cents : cents);
  if (switches.totals === 'sample') {
    return { amountWithoutTax: signed(totals.net), amountWithTax: signed(totals.gross) };
  }
  const left = billing.remaining(document);
  return {
    amountWithoutTaxBeforeDiscount: signed(totals.before),
    amountWithoutTaxAfterDiscount: signed(totals.net),
    amountWithTaxAfterDiscount: signed(totals.gross),
    remainingAmountWithoutTax: signed(left.net),
    remainingAmountWithTax: signed(left.gross),
    remainingReconciliateAmount: signed(left.unpaid),
    discountAmount: signed(totals.before - totals.net),
    amountWithoutTaxBeforeDiscountWithoutDisbursement: signed(totals.before),
    vatDetails: totals.vatDetails.map(({ vatCode, amount }) => ({
      vatCode,
      amount: signed(amount),
      vatRate: asNumber(new Big(VAT_RATES[vatCode])),
    })),
  };
}

type Timeline = NonNullable<DocumentRecord['timeline']>;

const DAYS_OF_DELAY = {
  at_reception: 0,
  end_of_month: 0,
  seven_days: 7,
  ten_days: 10,
  fifteen_days: 15,
  thirty_days: 30,
  forty_five_days: 45,
  sixty_days: 60,
  ninety_days: 90,
  one_hundred_and_twenty_days: 120,
};

/** The day that the delay comes to, or the last one of its month, in UTC. */
function dueAt({ emittedAt, paymentDelay, customDueDate }: Timeline): number {
  if (paymentDelay === 'other') return customDueDate ?? emittedAt;
  const name = paymentDelay.replace('_days_end_of_month', '_days');
  const days = Object.entries(DAYS_OF_DELAY).find(([delay]) => delay === name)?.[1] ?? 0;
  const due = new Date((emittedAt + days * 86_400) * 1000);
  if (paymentDelay.endsWith('end_of_month')) due.setUTCMonth(due.getUTCMonth() + 1, 0);
  return Math.floor(due.getTime() / 1000);
}

/** The document writes no key for what is not there. */
const known = (fields: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
