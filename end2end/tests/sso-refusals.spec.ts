//! Sign-ins through a provider that must not succeed: each lands on the sign-in page with its reason, as nobody.

import { open } from './persons';
import { emptyFolder, removeFolder, startServer } from './server';
import { CALLBACK, choose, comeInAs, configFor, expect, goToProvider, inside, LABEL, nobody } from './sso';
import { refused, signInAgain, startPair, test, type Bent, type Person } from './sso';
import type { Page } from '@playwright/test';

/** Signs in as far as the way back, and says what it would have been. By hand: a redirect cannot be held in a browser. */
async function untilTheWayBack(page: Page, person: Person): Promise<URL> {
  await goToProvider(page);
  const said = await page.request.post(page.url(), { form: { as: person.login }, maxRedirects: 0 });
  const on = new URL(said.headers()['location'] ?? '', page.url());
  const sent = await page.request.get(on.href, { maxRedirects: 0 });
  const back = new URL(sent.headers()['location'] ?? '');
  expect(back.pathname).toBe(CALLBACK);
  return back;
}

/** The same address with one parameter replaced, or left out. */
function changed(url: URL, name: string, value?: string): string {
  const other = new URL(url);
  if (value === undefined) other.searchParams.delete(name);
  else other.searchParams.set(name, value);
  return other.href;
}

test('an address of another domain is refused, and nobody is made of it', async ({ page, newPerson, provider }) => {
  test.slow();
  for (const email of ['eve@evil.example', 'eve@evil-northwind.example', 'eve@northwind.example.evil.example']) {
    const eve = await provider.somebody({ email, groups: ['nexus-admins'] });
    const browser = await newPerson();
    await goToProvider(browser);
    await choose(browser, eve);
    await refused(browser, 'SSO_DOMAIN');
  }
  const kim = await provider.somebody({ groups: ['nexus-admins'] });
  await comeInAs(page, kim);
  await open(page, '/people');
  await expect(page.getByRole('main')).toContainText(kim.email);
  await expect(page.getByRole('main')).not.toContainText('evil');
});

test('an address that the provider did not verify opens no domain', async ({ page, provider }) => {
  const eve = await provider.somebody({ email_verified: false });
  await goToProvider(page);
  await choose(page, eve);
  await refused(page, 'SSO_DOMAIN');
});

test('the address of somebody who is here already makes nobody them', async ({ page, provider }) => {
  const eve = await provider.somebody({ name: 'Eve', email: 'alice@northwind.example', groups: ['nexus-admins'] });
  await goToProvider(page);
  await choose(page, eve);
  await refused(page, 'SSO_ADDRESS_TAKEN');
});

test('who has no role anywhere does not come in', async ({ page, provider }) => {
  const zoe = await provider.somebody({ groups: [] });
  await goToProvider(page);
  await choose(page, zoe);
  await refused(page, 'SSO_NO_ROLE');
  await provider.change({ login: zoe.login, groups: ['nexus-requesters'] });
  await signInAgain(page);
  await inside(page, zoe);
});

test('who cancels at the provider is told so', async ({ page }) => {
  await goToProvider(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await refused(page, 'SSO_DENIED');
});

test('a way back is gone once, in this browser and in any other', async ({ page, newPerson, provider }) => {
  const somebody = await provider.somebody();
  let back = '';
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === CALLBACK) back = request.url();
  });
  await comeInAs(page, somebody);
  expect(back).toContain('code=');
  await page.goto(back);
  expect(new URL(page.url()).searchParams.get('error')).toBe('SSO_STATE');
  // What was replayed changes nothing for who is in already.
  await page.goto('/');
  await inside(page, somebody);

  const thief = await newPerson();
  await thief.goto(back);
  await refused(thief, 'SSO_STATE');
});

test('a way back that nobody has gone yet works in no other browser', async ({ page, newPerson, provider }) => {
  const eve = await provider.somebody();
  const back = await untilTheWayBack(page, eve);
  // Eve sends her way back to somebody, so that they work in her account unknowingly.
  const victim = await newPerson();
  await victim.goto(back.href);
  await refused(victim, 'SSO_STATE');
  // Not even when they began a sign-in of their own.
  const another = await newPerson();
  await goToProvider(another);
  await another.goto(back.href);
  await refused(another, 'SSO_STATE');
});

test('a way back with another state or sender leads nowhere', async ({ newPerson, provider }) => {
  test.slow();
  const cases: [string, string | undefined, string][] = [
    ['state', 'another', 'SSO_STATE'],
    ['state', '', 'SSO_STATE'],
    ['state', undefined, 'SSO_STATE'],
    ['state', 'x'.repeat(8000), 'SSO_STATE'],
    // Mix-up: the answer of one provider played to another.
    ['iss', 'https://evil.example', 'SSO_NOT_PROVEN'],
    ['iss', undefined, 'SSO_NOT_PROVEN'],
    ['code', 'another', 'SSO_NOT_PROVEN'],
    ['code', undefined, 'SSO_NOT_PROVEN'],
  ];
  for (const [name, value, code] of cases) {
    await test.step(`${name}=${value?.slice(0, 20)}`, async () => {
      const browser = await newPerson();
      const back = await untilTheWayBack(browser, await provider.somebody());
      await browser.goto(changed(back, name, value));
      await refused(browser, code);
      // And it was the one attempt that this sign-in had, if the state was right.
      if (name !== 'state') {
        await browser.goto(back.href);
        await refused(browser, 'SSO_STATE');
      }
    });
  }
});

test('an ID token that does not prove what it should is refused', async ({ newPerson, provider }) => {
  test.slow();
  const now = Math.floor(Date.now() / 1000);
  const cases: [string, Bent][] = [
    ['another nonce', { claims: { nonce: 'another' } }],
    ['no nonce', { claims: { nonce: null } }],
    ['another key', { claims: {}, key: 'foreign' }],
    ['no signature', { claims: {}, key: 'none' }],
    ['another audience', { claims: { aud: 'another-client' } }],
    ['meant for another', { claims: { aud: ['nexus-control', 'another-client'], azp: 'another-client' } }],
    ['another issuer', { claims: { iss: 'https://evil.example' } }],
    ['expired', { claims: { iat: now - 7200, exp: now - 3600 } }],
    ['from the future', { claims: { iat: now + 3600, exp: now + 7200 } }],
    ['an expired code', { code: 'expired' }],
  ];
  for (const [what, bent] of cases) {
    await test.step(what, async () => {
      const somebody = await provider.somebody();
      const browser = await newPerson();
      await provider.bendNext(bent);
      await goToProvider(browser);
      await choose(browser, somebody);
      await refused(browser, 'SSO_NOT_PROVEN');
      // Nothing of it stays: the next one is a sign-in like any other.
      await signInAgain(browser);
      await inside(browser, somebody);
    });
  }
});

test('without accounts on demand a stranger stays out', async ({ page }) => {
  test.slow();
  const { provider, server, stop } = await startPair('just_in_time = false');
  try {
    const somebody = await provider.somebody({ groups: ['nexus-admins'] });
    await goToProvider(page, server.url);
    await choose(page, somebody);
    await refused(page, 'SSO_UNKNOWN', server.url);
  } finally {
    await stop();
  }
});

test('a provider that does not answer is said to be away, and the rest goes on', async ({ page }) => {
  test.slow();
  const folder = emptyFolder();
  const config = configFor(folder, 'http://localhost:9', 'just_in_time = true');
  const server = await startServer(folder, ['serve', '--demo', '--config', config]);
  try {
    await open(page, `${server.url}/sign-in`);
    await page.getByRole('link', { name: LABEL }).click();
    await refused(page, 'SSO_UNREACHABLE', server.url);
    expect((await page.request.get(`${server.url}/readyz`)).status()).toBe(200);
  } finally {
    await server.stop();
    removeFolder(folder);
  }
});

test('a provider that nobody configured is not there', async ({ page, complaints }) => {
  complaints.expect(/404/);
  expect((await page.goto('/sign-in/oidc/another'))?.status()).toBe(404);
  expect((await page.goto('/sign-in/oidc/another/callback?state=x&code=y'))?.status()).toBe(404);
  await nobody(page);
});
