//! How the library is set up: authorization code with PKCE only, consent given by everybody, logout in both directions.
//! Refuses every other grant, and clients that are not in the settings.

import { randomBytes } from 'node:crypto';
import { errorPage, signedOutPage, signOutPage } from './pages.mjs';

const HOUR = 3600;

/** The library's configuration for these settings and the keys of now. */
export function configurationFor(settings, idp) {
  return {
    adapter: (model) => idp.storage.adapter(model),
    clients: settings.clients.map(client),
    jwks: idp.keys.jwks,
    cookies: { keys: [cookieKey] },
    responseTypes: ['code'],
    pkce: { required: () => true },
    scopes: ['openid', 'email', 'profile', 'groups'],
    claims: {
      openid: ['sub', 'acr', 'auth_time', 'sid'],
      email: ['email', 'email_verified'],
      profile: ['name'],
      groups: ['groups'],
    },
    // Everything is in the ID token, as most providers do it, and at the userinfo endpoint too.
    conformIdTokenClaims: false,
    findAccount: (_, login) => account(idp, login),
    loadExistingGrant: consent,
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => void (ctx.body = signOutPage(settings.name, form)),
        postLogoutSuccessSource: (ctx) => void (ctx.body = signedOutPage(settings.name)),
      },
    },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = errorPage(settings.name, out);
    },
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: 60,
      Grant: 8 * HOUR,
      IdToken: HOUR,
      Interaction: HOUR,
      Session: 8 * HOUR,
    },
    fetch: callBack,
  };
}

// One for the process, so that cookies hold when new keys make a new provider.
const cookieKey = randomBytes(32).toString('base64url');

function client(given) {
  return {
    client_id: given.id,
    client_secret: given.secret,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: given.redirect_uris,
    post_logout_redirect_uris: given.post_logout_redirect_uris ?? [],
    backchannel_logout_uri: given.backchannel_logout_uri,
    backchannel_logout_session_required: given.backchannel_logout_uri !== undefined,
    require_auth_time: true,
  };
}

function account(idp, login) {
  const person = idp.people.get(login);
  if (person === undefined) return undefined;
  const { name, email, email_verified, groups } = person;
  return { accountId: login, claims: () => ({ sub: login, name, email, email_verified, groups }) };
}

/** Nobody is asked whether the client may know who they are. */
async function consent(ctx) {
  const { client, session, provider, requestParamScopes } = ctx.oidc;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope([...requestParamScopes].join(' '));
  await grant.save();
  return grant;
}

/** The library keeps providers from calling back to loopback addresses. Here clients are nowhere else. */
function callBack(url, { dispatcher: _, ...options }) {
  return fetch(url, options);
}
