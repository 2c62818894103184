// /admin: pages for people, rendered here, without a line of script. A session comes from the token; every form carries its secret.
import { Hono, type MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { problem } from '../../domain/problem.ts';
import type { OperationParts } from '../../operations/parts.ts';
import { type AdminContext, type AdminEnv, showProblem } from './env.ts';
import { eventPages } from './events.ts';
import { hasCsrf, readForm } from './forms.ts';
import { countGuesses } from './guesses.ts';
import { jobPages } from './jobs.ts';
import { layout } from './layout.ts';
import { orderPages } from './orders.ts';
import { overviewPages } from './overview.ts';
import { reconciliationPages } from './reconciliations.ts';
import { openSessions } from './sessions.ts';
import { STYLE } from './style.ts';

export type AdminPagesParts = {
  operations: OperationParts;
  isToken(given: string): boolean;
};

const COOKIE = 'bridge_session';

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: under it a browser sends `Origin: null` with our own forms, and they would be refused.
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
};

export function adminPages(parts: AdminPagesParts): Hono<AdminEnv> {
  const { operations, isToken } = parts;
  const sessions = openSessions(operations.runtime);
  const guesses = countGuesses(operations.runtime);
  const app = new Hono<AdminEnv>();

  app.use('/admin/*', async (c, next) => {
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
    await next();
  });
  app.get('/admin/style.css', (c) => c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/admin/', (c) => c.redirect('/admin', 303));

  app.post('/admin/sign-in', async (c) => {
    // No secret in this form: without the token it does nothing, and there is only one account to be signed in to.
    const form = await readForm(c);
    if (!form.ok) return signInPage(c, 403, form.error);
    const address = c.env?.incoming?.socket.remoteAddress ?? '';
    const wait = guesses.waitFor(address);
    if (wait > 0) {
      c.header('retry-after', String(wait));
      return signInPage(c, 429, `Too many wrong tokens: wait ${wait} s.`);
    }
    if (!isToken(form.value.get('token')?.trim() ?? '')) {
      guesses.wrong(address);
      operations.log.warn('admin.sign_in_refused');
      return signInPage(c, 401, 'This is not the token.');
    }
    sessions.close(getCookie(c, COOKIE) ?? '');
    setCookie(c, COOKIE, sessions.open(), {
      path: '/admin',
      httpOnly: true,
      sameSite: 'Strict',
      secure: isHttps(c),
    });
    operations.log.info('admin.signed_in');
    return c.redirect('/admin', 303);
  });

  const signedIn: MiddlewareHandler<AdminEnv> = async (c, next) => {
    const session = sessions.find(getCookie(c, COOKIE) ?? '');
    const looking = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (session === null) {
      return looking && c.req.path === '/admin' ? signInPage(c, 200, null) : c.redirect('/admin', 303);
    }
    c.set('session', session);
    c.set('form', new Map());
    if (looking) return next();
    const form = await readForm(c);
    if (!form.ok || !hasCsrf(form.value, session.csrf)) {
      const detail = form.ok ? 'this form is too old: go back, reload the page and send it again' : form.error;
      return showProblem(c, 403, problem('form_refused', detail));
    }
    c.set('form', form.value);
    return next();
  };
  app.use('/admin/*', signedIn);

  app.post('/admin/sign-out', (c) => {
    sessions.close(getCookie(c, COOKIE) ?? '');
    deleteCookie(c, COOKIE, { path: '/admin' });
    return c.redirect('/admin', 303);
  });
  const everything = [overviewPages, jobPages, eventPages, orderPages, reconciliationPages];
  for (const pages of everything) app.route('/', pages({ operations }));
  return app;
}

/** Anybody may send the header, but it can only make the sender's own cookie stricter. */
const isHttps = (c: AdminContext): boolean =>
  new URL(c.req.url).protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https';

async function signInPage(c: AdminContext, status: 200 | 401 | 403 | 429, told: string | null): Promise<Response> {
  const content = html`<section>${told === null ? '' : html`<p class="notice">${told}</p>`}<form method="post" action="/admin/sign-in">
<label>Admin token<input type="password" name="token" autocomplete="current-password" required autofocus></label>
<button>Sign in</button></form><p class="soft">The token is in the configuration, or was printed at the first start.</p></section>`;
  return c.html(await layout('Sign in', null, null, content), status);
}
