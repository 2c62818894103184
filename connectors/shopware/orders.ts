// What is asked of the Admin API about orders: everything that the mapping reads, in an order of its own, so that the same
// state of an order is always the same text.
import { z } from 'zod';
import type { Finding, SourceIo } from '../../src/connector.ts';
import type { Lookup } from '../../src/domain/outcome.ts';
import { ask, readRowTexts } from './search.ts';
import type { Session } from './session.ts';

const oldestFirst = { sort: [{ field: 'createdAt' }, { field: 'id' }] };
const address = { associations: { country: {}, countryState: {} } };

const ASSOCIATIONS = {
  stateMachineState: {},
  currency: {},
  language: { associations: { locale: {} } },
  orderCustomer: { associations: { customer: {} } },
  billingAddress: address,
  deliveries: { ...oldestFirst, associations: { shippingMethod: {}, shippingOrderAddress: address } },
  lineItems: { sort: [{ field: 'position' }, { field: 'id' }] },
  transactions: {
    ...oldestFirst,
    associations: {
      stateMachineState: {},
      paymentMethod: {},
      captures: {
        ...oldestFirst,
        associations: {
          stateMachineState: {},
          refunds: { ...oldestFirst, associations: { stateMachineState: {}, positions: oldestFirst } },
        },
      },
    },
  },
  documents: { ...oldestFirst, associations: { documentType: {} } },
  tags: { sort: [{ field: 'name' }] },
};

const DATES = ['createdAt', 'updatedAt'];

/** The fields of each kind of row that are sent: all others stay in the shop. */
const INCLUDES = {
  order: ['id', ...DATES, 'orderNumber', 'orderDateTime', 'price', 'shippingCosts', ...Object.keys(ASSOCIATIONS)],
  state_machine_state: ['technicalName'],
  currency: ['isoCode'],
  language: ['locale'],
  locale: ['code'],
  order_customer: [...DATES, 'email', 'firstName', 'lastName', 'company', 'vatIds', 'customerId', 'customer'],
  customer: ['guest'],
  order_address: [
    ...DATES,
    'firstName',
    'lastName',
    'company',
    'street',
    'additionalAddressLine1',
    'additionalAddressLine2',
    'zipcode',
    'city',
    'phoneNumber',
    'vatId',
    'country',
    'countryState',
  ],
  country: ['iso'],
  country_state: ['name'],
  order_delivery: ['shippingMethod', 'shippingOrderAddress'],
  shipping_method: ['name'],
  order_line_item: ['id', ...DATES, 'parentId', 'type', 'label', 'quantity', 'price', 'payload'],
  order_transaction: ['id', ...DATES, 'amount', 'customFields', 'stateMachineState', 'paymentMethod', 'captures'],
  payment_method: ['technicalName', 'formattedHandlerIdentifier', 'name'],
  order_transaction_capture: [...DATES, 'amount', 'externalReference', 'stateMachineState', 'refunds'],
  order_transaction_capture_refund: [
    'id',
    ...DATES,
    'amount',
    'reason',
    'externalReference',
    'stateMachineState',
    'positions',
  ],
  order_transaction_capture_refund_position: ['orderLineItemId', 'quantity', 'amount'],
  document: [...DATES, 'documentNumber', 'documentType', 'config'],
  document_type: ['technicalName'],
  tag: ['name'],
};

export const IdSchema = z.string().regex(/^[0-9a-f]{32}$/);

/** The criteria of a search for whole orders: which ones, and all that is read of them. */
export const wholeOrders = (which: object): object => ({ ...which, associations: ASSOCIATIONS, includes: INCLUDES });

/** The orders of these ids as they are now, in this order, at most a page of them; one that is gone is not among them. */
export async function readOrders(ids: readonly string[], session: Session, io: SourceIo): Promise<Lookup<Finding>> {
  if (ids.length === 0) return { kind: 'found', items: [] };
  const texts = readRowTexts(await ask('order', wholeOrders({ ids, limit: ids.length }), session, io));
  if (texts.kind === 'failed') return texts;
  // A search by ids has an order of its own.
  const rows = texts.items.map((text) => ({ body: Buffer.from(text), at: ids.indexOf(idOf(text)) }));
  const sorted = rows.toSorted((a, b) => a.at - b.at);
  return { kind: 'found', items: sorted.map(({ body }) => ({ topic: 'fetched.order', body })) };
}

const NamedSchema = z.object({ id: z.string() });

const idOf = (text: string): string => NamedSchema.safeParse(JSON.parse(text)).data?.id ?? '';
