// The paths of a simulated Abby: plural words list, singular ones make and read.
import type { AbbyBooks } from './abby-books.ts';
import type { ContactRecord, OrganizationRecord } from './abby-clients.ts';
import { documentRow, documentView } from './abby-document-views.ts';
import { clientFilter, documentFilter, page, sortedClients } from './abby-lists.ts';
import type { DocumentRecord } from './abby-records.ts';
import { LOCALES } from './abby-schemas.ts';
import type { AbbySwitches } from './abby-switches.ts';
import { contactRow, contactView, meView, organizationView } from './abby-views.ts';
import { invalid, json } from './abby-wire.ts';
import type { Answer } from './http-simulator.ts';

type Call = { id: string; query: URLSearchParams; body: unknown };
export type Route = [route: string, act: (call: Call) => Answer];

/** The rows that a list shows of those there are. */
export type Listed = <Row extends { id: string }>(rows: readonly Row[], fits: (row: Row) => boolean) => Row[];

/** `GET /v2/company/me`, contacts and organisations. */
export function clientRoutes({ clients, billing }: AbbyBooks, switches: AbbySwitches, listed: Listed): Route[] {
  const organizationOf = ({ organizationId }: ContactRecord): OrganizationRecord | undefined =>
    clients.organizations.find(({ id }) => id === organizationId);
  const contact = (record: ContactRecord): object => contactView(record, billing, organizationOf(record));
  const contactInList = (record: ContactRecord): object =>
    contactRow(record, billing, organizationOf(record), switches.contactRows);
  const organization = (record: OrganizationRecord): object => organizationView(record, billing, clients.contacts);

  return [
    ['GET /v2/company/me', () => json(200, meView(switches))],
    [
      'GET /contacts',
      ({ query }) => {
        const rows = sortedClients(listed(clients.contacts, clientFilter(query)), query).map(contactInList);
        const whole = page(rows, clients.contacts.length, query, { ...switches, required: false });
        if (switches.contactRows === 'openapi') return json(200, whole);
        const { countWithoutFilters, totalDocs, limit, totalPages, hasNextPage, docs } = whole;
        return json(200, { countWithoutFilters, totalDocs, limit, totalPages, hasNextPage, docs });
      },
    ],
    ['POST /contact', ({ body }) => json(201, contact(clients.createContact(body)))],
    ['GET /contact/:id', ({ id }) => json(200, contact(clients.contact(id)))],
    ['PUT /contact/:id', ({ id, body }) => json(200, contact(clients.updateContact(id, body)))],
    [
      'DELETE /contact/:id',
      ({ id }) => {
        clients.deleteContact(id);
        return { status: 200, body: '' };
      },
    ],
    [
      'GET /organizations',
      ({ query }) => {
        const rows = sortedClients(listed(clients.organizations, clientFilter(query)), query).map(organization);
        return json(200, page(rows, clients.organizations.length, query, { ...switches, required: true }));
      },
    ],
    ['POST /organization', ({ body }) => json(201, organization(clients.createOrganization(body)))],
    ['GET /organization/:id', ({ id }) => json(200, organization(clients.organization(id)))],
    ['PUT /organization/:id', ({ id, body }) => json(200, organization(clients.updateOrganization(id, body)))],
    [
      'DELETE /organization/:id',
      ({ id }) => {
        clients.deleteOrganization(id);
        return { status: 200, body: '' };
      },
    ],
    [
      'GET /organization/:id/contacts',
      ({ id }) => {
        const owner = clients.organization(id);
        return json(200, clients.contacts.filter((one) => organizationOf(one) === owner).map(contactInList));
      },
    ],
    [
      'POST /organization/:id/contact',
      ({ id, body }) => json(201, contact(clients.createContact(body, clients.organization(id).id))),
    ],
  ];
}

/** Invoices and credit notes; where paths collide, the fixed word stands before the id. */
export function billingRoutes({ billing }: AbbyBooks, switches: AbbySwitches, listed: Listed): Route[] {
  const shown = (document: DocumentRecord, status = 200): Answer =>
    json(status, documentView(document, billing, switches));
  const read: Route[] = [
    ['GET /v2/billing/invoice/:id', ({ id }) => shown(billing.invoice(id))],
    ['GET /v2/billing/asset/:id', ({ id }) => shown(billing.asset(id))],
    ['GET /v2/billing/:id', ({ id }) => shown(billing.get(id))],
  ];
  const list: Route = [
    'GET /v2/billings',
    ({ query }) => {
      const fits = documentFilter(query, switches);
      const rows = listed(billing.documents, fits).toReversed();
      const views = rows.map((document) => documentRow(document, billing, switches));
      return json(200, page(views, billing.documents.length, query, { ...switches, required: false }));
    },
  ];
  const reconciliate: Route = [
    'POST /v2/accounting-billing/invoice/:id/reconciliate',
    ({ id, body }) => shown(billing.reconciliate(billing.invoice(id), body), 201),
  ];
  return [
    ...(switches.readById === 'offered' ? read : []),
    ...(switches.billings === 'offered' ? [list] : []),
    ...(switches.reconciliate === 'offered' ? [reconciliate] : []),
    ['POST /v2/billing/invoice/:id', ({ id }) => shown(billing.createInvoice(id), switches.createdStatus)],
    ['POST /v2/billing/invoice/:id/asset', ({ id }) => shown(billing.createAsset(id))],
    ['PATCH /v2/billing/invoice/:id/timeline', ({ id, body }) => shown(billing.setTimeline(billing.invoice(id), body))],
    [
      'PATCH /v2/billing/invoice/:id/general-informations',
      ({ id, body }) => shown(billing.setMentions(billing.invoice(id), body)),
    ],
    [
      'PATCH /v2/billing/asset/:id/general-informations',
      ({ id, body }) => shown(billing.setMentions(billing.asset(id), body)),
    ],
    ['PUT /v2/billing/invoice/:id/locale', ({ id, body }) => shown(billing.setLocale(billing.invoice(id), body))],
    ['PUT /v2/billing/asset/:id/locale', ({ id, body }) => shown(billing.setLocale(billing.asset(id), body))],
    ['PUT /v2/billing/invoice/:id/currency', ({ id, body }) => shown(billing.setCurrency(billing.invoice(id), body))],
    ['PUT /v2/billing/asset/:id/currency', ({ id, body }) => shown(billing.setCurrency(billing.asset(id), body))],
    ['PATCH /v2/billing/:id/lines', ({ id, body }) => shown(billing.setLines(billing.get(id), body))],
    ['PATCH /v2/billing/:id/title', ({ id, body }) => shown(billing.setTitle(billing.get(id), body))],
    [
      'PATCH /v2/billing/:id/delivery-address',
      ({ id, body }) => shown(billing.setDeliveryAddress(billing.get(id), body)),
    ],
    ['PATCH /v2/billing/:id/finalize', ({ id }) => shown(billing.finalize(billing.get(id)))],
    ['PATCH /v2/billing/:id/archive', ({ id }) => shown(billing.archive(billing.get(id), true))],
    ['PATCH /v2/billing/:id/unarchive', ({ id }) => shown(billing.archive(billing.get(id), false))],
    [
      'DELETE /v2/billing/:id',
      ({ id }) => {
        billing.delete(billing.get(id));
        return { status: 204, body: '' };
      },
    ],
    [
      'POST /v2/billing/:id/send-by-email',
      ({ id, body }) => {
        billing.send(billing.get(id), body);
        return { status: 204, body: '' };
      },
    ],
    ['GET /v2/billing/:id/download', ({ id, query }) => pdf(billing.get(id), query.get('locale'))],
  ];
}

/** Whether a draft has one is not told: it has. */
function pdf(document: DocumentRecord, locale: string | null): Answer {
  if (locale !== null && !LOCALES.some((known) => known === locale))
    throw invalid('locale', 'must be a valid enum value');
  return {
    status: 200,
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${document.number ?? 'brouillon'}.pdf"`,
    },
    body: '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
  };
}
