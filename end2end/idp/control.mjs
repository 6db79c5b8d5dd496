//! What tests may do to the provider: `POST /test/…` with JSON. There only where the settings say so.
//! Refuses what it does not know, with 400, so that a test's mistake is no silent success.
//!
//! /test/person  { login, …changes }      another name, address or groups from the next sign-in on; a new login is a new person
//! /test/keys    { forget? }              new signing key; `forget`: the old ones are published no longer. Answers { kid }
//! /test/sessions { login }               answers { sids }, as the client knows these sessions
//! /test/sign    { claims, header?, key? } answers { token }, signed as the provider signs; `key` as below
//! /test/end     { login, silent? }       ends their sessions here and tells the clients (not if `silent`). Answers { statuses }
//! /test/next    { code?, claims?, key? } bends the next sign-in, once: `code: "expired"`; `claims` replace those of the ID
//!                                        token, null leaves one out; `key: "foreign"` or `"none"` signs it otherwise

import { body } from './sign_in.mjs';
import { person } from './settings.mjs';

const JSON_BYTES = 16_384;

/** What the next sign-in is to get wrong. */
export class Misbehaviour {
  #next = {};

  /** For the sign-in that comes next. */
  set(next) {
    for (const key of Object.keys(next)) {
      if (!['code', 'claims', 'key'].includes(key)) throw new Error(`/test/next has no key \`${key}\``);
    }
    this.#next = next;
  }

  /** A code on its way into the storage. */
  bendCode(payload) {
    if (this.#next.code !== 'expired' || payload.consumed !== undefined) return payload;
    delete this.#next.code;
    return { ...payload, exp: Math.floor(Date.now() / 1000) - 60 };
  }

  /** Bends the ID token in the token endpoint's answer. */
  middleware(idp) {
    return async (ctx, next) => {
      await next();
      const { claims, key } = this.#next;
      if (ctx.path !== '/token' || ctx.body?.id_token === undefined || (claims ?? key) === undefined) return;
      this.#next = {};
      const [header, payload] = ctx.body.id_token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
      const bent = Object.entries({ ...payload, ...claims }).filter(([, value]) => value !== null);
      ctx.body = { ...ctx.body, id_token: idp.keys.sign(header, Object.fromEntries(bent), key) };
    };
  }
}

/** The handler of `/test/…`. */
export function controlFor(idp) {
  const acts = {
    '/test/person': (changes) => {
      idp.people.set(changes.login, person(changes, idp.people.get(changes.login)));
      return {};
    },
    '/test/keys': ({ forget }) => {
      const kid = idp.keys.rotate(forget === true);
      idp.renew();
      return { kid };
    },
    '/test/sessions': ({ login }) => {
      const clients = idp.storage.sessionsOf(login).flatMap((session) => Object.values(session.authorizations ?? {}));
      return { sids: clients.map((client) => client.sid) };
    },
    '/test/sign': ({ claims, header, key }) => ({ token: idp.keys.sign(header ?? {}, claims, key) }),
    '/test/end': async ({ login, silent }) => ({ statuses: await endSessions(idp, login, silent === true) }),
    '/test/next': (next) => {
      idp.misbehaviour.set(next);
      return {};
    },
  };
  return async (request, response, path) => {
    const say = (status, words) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(words));
    try {
      const act = acts[path];
      // A page that somebody has open must not reach this.
      if (act === undefined || request.method !== 'POST' || request.headers.origin !== undefined) return say(404, {});
      say(200, await act(JSON.parse(await body(request, JSON_BYTES))));
    } catch (problem) {
      say(400, { problem: problem.message });
    }
  };
}

/** Ends every session of this account here; answers what each client said to that. */
async function endSessions(idp, login, silent) {
  const { Client, Session } = idp.provider;
  const statuses = [];
  for (const stored of idp.storage.sessionsOf(login)) {
    const session = await Session.findByUid(stored.uid);
    if (session === undefined) continue;
    for (const id of silent ? [] : Object.keys(session.authorizations ?? {})) {
      const client = await Client.find(id);
      if (client?.backchannelLogoutUri === undefined) continue;
      const said = client.backchannelLogout(login, session.sidFor(id));
      statuses.push(await said.then(() => 'accepted', (problem) => problem.response?.status ?? problem.message));
    }
    await session.destroy();
  }
  return statuses;
}
