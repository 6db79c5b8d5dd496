//! Signing in at the provider: GET shows the page, POST says who. Refuses a login that nobody has; passwords it only wants to be there.

import { signInPage } from './pages.mjs';

const FORM_BYTES = 4096;

/** How a sign-in here is called in tokens. */
export const ACR = 'urn:demo-sso:password';

/** The handler of `/interaction/…`. */
export function signInPagesFor(idp) {
  return async (request, response) => {
    try {
      const { uid } = await idp.provider.interactionDetails(request, response);
      if (request.method !== 'POST') return show(idp, response, uid);
      const form = new URLSearchParams(await body(request, FORM_BYTES));
      if (form.has('cancel')) {
        const error_description = 'the person cancelled';
        return await idp.provider.interactionFinished(request, response, { error: 'access_denied', error_description });
      }
      const login = form.get('as') ?? form.get('login') ?? '';
      if (!idp.people.has(login)) return show(idp, response, uid, 'Nobody has this login.');
      if (!form.has('as') && !form.get('password')) return show(idp, response, uid, 'Type any password.');
      await idp.provider.interactionFinished(request, response, { login: { accountId: login, acr: ACR, amr: ['pwd'] } });
    } catch (problem) {
      // Such as a page left open for too long, or the Back button after signing in.
      response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' }).end(`${problem.message}\n`);
    }
  };
}

/** What was sent, if it is no more than so much. */
export async function body(request, most) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > most) throw new Error('too much was sent');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function show(idp, response, uid, problem) {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  response.writeHead(problem === undefined ? 200 : 400, headers);
  response.end(signInPage(idp.name, uid, [...idp.people.values()], problem));
}
