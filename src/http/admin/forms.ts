// Forms of the admin pages: taken only from our own pages, in the session that they were made for.
import { err, ok, type Result } from '../../domain/result.ts';
import { type RequestContext, readRawRequest } from '../raw-delivery.ts';
import { sameText } from '../token.ts';

export type Form = ReadonlyMap<string, string>;

const MAX_FORM_BYTES = 64 * 1024;
export const CSRF_FIELD = '_csrf';

/** The fields of a form that one of our own pages sent; the error says why it is not taken. */
export async function readForm(c: RequestContext): Promise<Result<Form, string>> {
  if (!isFromOurPage(c)) return err('this form was not sent from a page of this bridge');
  const request = await readRawRequest(c, MAX_FORM_BYTES);
  if (request.kind !== 'delivery') return err('this form is too large');
  const { headers, body } = request.delivery;
  if (!/^application\/x-www-form-urlencoded(\s*;|\s*$)/i.test(headers['content-type'] ?? '')) {
    return err('this is not a form of this bridge');
  }
  return ok(new Map(new URLSearchParams(new TextDecoder().decode(body))));
}

/** True when the form carries its session's own secret. */
export const hasCsrf = (form: Form, csrf: string): boolean => sameText(form.get(CSRF_FIELD) ?? '', csrf);

/**
 * Browsers name the page's origin with every form. It must be ours: its host the one that was asked, or, where a proxy
 * renames the host, the browser's own word that both are the same.
 */
function isFromOurPage(c: RequestContext): boolean {
  const origin = c.req.header('origin');
  if (origin === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === c.req.header('host') || c.req.header('sec-fetch-site') === 'same-origin';
}
