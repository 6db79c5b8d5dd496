//! Signing in through a provider: who comes in, what their groups give and take, and how both sides end it.

import { approve, ask, open, scripted, signIn, unique } from './persons';
import { atProvider, BACK_CHANNEL, choose, comeInAs, expect, goToProvider, inside, nobody, refused } from './sso';
import { signInAgain, START, startPair, test } from './sso';
import type { Page } from '@playwright/test';

/** Signs out by hand, here and at the provider. */
async function signOut(page: Page): Promise<void> {
  await page.getByRole('banner').locator('summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign out of Demo SSO' })).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe('/signed-out');
}

test('the first sign-in makes the person, the second finds them', async ({ page, newPerson, provider }) => {
  const somebody = await provider.somebody();
  await comeInAs(page, somebody);
  const admin = await newPerson();
  await signIn(admin, 'noor');
  await open(admin, '/people');
  const line = admin.getByRole('main').getByRole('row').filter({ hasText: somebody.email });
  await expect(line).toHaveCount(1);
  await expect(line).toContainText(somebody.name);
  await expect(line).toContainText('Requester');

  const elsewhere = await newPerson();
  await comeInAs(elsewhere, somebody);
  await open(admin, '/people');
  await expect(line).toHaveCount(1);
});

test('somebody is who the provider says by its own name for them, whatever their address becomes', async ({ page, provider }) => {
  const somebody = await provider.somebody({ groups: ['nexus-requesters'] });
  await comeInAs(page, somebody);
  const path = await ask(page, { goal: unique('Ask before the wedding') });
  const married = { ...somebody, email: `${somebody.login}.new@northwind.example` };
  await provider.change(married);
  await signInAgain(page);
  await inside(page, married);
  // Still their own request: only who asked may withdraw it.
  await open(page, path);
  await expect(page.getByText('Withdraw my request')).toBeVisible();
});

test('a login and a password do as well as a button', async ({ page, provider }) => {
  const somebody = await provider.somebody();
  await goToProvider(page);
  await page.getByLabel('Login').fill(somebody.login);
  await page.getByLabel('Password').fill('anything');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await inside(page, somebody);
});

test('the way leads back to where it began, and never to another site', async ({ page, newPerson, provider, server }) => {
  test.slow();
  const somebody = await provider.somebody();
  await page.goto('/decisions?text=deploy');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await page.getByRole('link', { name: 'Sign in with Demo SSO' }).click();
  await atProvider(page);
  await choose(page, somebody);
  await expect(page.getByRole('heading', { level: 1, name: 'Decisions' })).toBeVisible();
  expect(new URL(page.url()).search).toBe('?text=deploy');

  for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example/', '/\t/evil.example', 'javascript:1', '']) {
    const other = await newPerson();
    await other.goto(`${START}?next=${encodeURIComponent(next)}`);
    await atProvider(other);
    await choose(other, somebody);
    await expect.poll(() => new URL(other.url()).origin, next).toBe(server.url);
  }
});

test('a group gives a role, and who loses the group loses it at the next sign-in', async ({ page, newPerson, provider, complaints }) => {
  // A requester sees what they asked for; what others did is not there.
  complaints.expect(/Failed to load resource: .* 404/);
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Move the archive'), approvals: 2 });
  const olivia = await provider.somebody({ groups: ['nexus-approvers'] });
  await comeInAs(page, olivia);
  await expect(page.getByText('Approvals are not among your roles.')).toHaveCount(0);
  await open(page, path);
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Approvals: 1 of 2' })).toContainText(olivia.name);

  const another = await ask(ben, { goal: unique('Move it back'), approvals: 2 });
  await provider.change({ login: olivia.login, groups: ['nexus-requesters', 'a-group-that-means-nothing'] });
  await signInAgain(page);
  await inside(page, olivia);
  await open(page, '/?tab=mine');
  await expect(page.getByText('Approvals are not among your roles.')).toBeVisible();
  await open(page, another);
  await expect(page.getByText('There is no such decision here.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve', exact: true })).toHaveCount(0);

  await provider.change({ login: olivia.login, groups: ['a-group-that-means-nothing'] });
  await signInAgain(page);
  await refused(page, 'SSO_NO_ROLE');
});

test('an approval does not count any more once its group is lost', async ({ page, newPerson, provider }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Turn the key'), approvals: 1 });
  const somebody = await provider.somebody({ groups: ['nexus-approvers'] });
  await comeInAs(page, somebody);
  await approve(page, path);
  await open(ben, path);
  await expect(ben.getByRole('button', { name: 'Start the dry run' })).toBeVisible();

  await provider.change({ login: somebody.login, groups: ['nexus-requesters'] });
  await signInAgain(page);
  await inside(page, somebody);
  await open(ben, path);
  await expect(ben.getByRole('button', { name: 'Start the dry run' })).toHaveCount(0);
});

test('signing out here signs out there: the next sign-in asks again', async ({ page, provider }) => {
  const somebody = await provider.somebody();
  await comeInAs(page, somebody);
  await signOut(page);
  await nobody(page);
  await goToProvider(page);
  await choose(page, somebody);
  await inside(page, somebody);
});

test('two tabs that begin a sign-in at once both get in', async ({ page, context, provider }) => {
  const somebody = await provider.somebody();
  const other = await context.newPage();
  await goToProvider(page);
  await goToProvider(other);
  await choose(page, somebody);
  await inside(page, somebody);
  await choose(other, somebody);
  await inside(other, somebody);
});

test('new keys at the provider need no restart here', async ({ page, newPerson }) => {
  test.slow();
  const { provider, server, stop } = await startPair();
  try {
    const somebody = await provider.somebody();
    await comeInAs(page, somebody, server.url);
    await provider.rotateKeys();
    const other = await newPerson();
    await comeInAs(other, somebody, server.url);
  } finally {
    await stop();
  }
});

test('who is signed out at the provider is signed out here at the next click, and nobody else is', async ({ page, newPerson, provider, complaints }) => {
  complaints.expect(/Failed to load resource: .* 401/);
  const [somebody, another] = [await provider.somebody(), await provider.somebody()];
  const elsewhere = await newPerson();
  const neighbour = await newPerson();
  await comeInAs(page, somebody);
  await comeInAs(elsewhere, somebody);
  await comeInAs(neighbour, another);
  expect(await provider.endSessions(somebody.login)).toEqual(['accepted', 'accepted']);
  for (const each of [page, elsewhere]) {
    await each.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Decisions' }).click();
    await expect(each.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  }
  await neighbour.goto('/');
  await inside(neighbour, another);
});

test('a forged logout token is refused, and the session stays', async ({ page, provider, request, complaints }) => {
  if (scripted()) complaints.expect(/Failed to load resource/);
  const somebody = await provider.somebody();
  await comeInAs(page, somebody);
  const [sid] = await provider.sessions(somebody.login);
  const now = Math.floor(Date.now() / 1000);
  const genuine = (changed: object = {}) => ({
    iss: provider.issuer,
    aud: 'nexus-control',
    sub: somebody.login,
    sid,
    iat: now,
    exp: now + 120,
    jti: Math.random().toString(36),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    ...changed,
  });
  const header = { typ: 'logout+jwt' };
  const send = async (token: string) => (await request.post(BACK_CHANNEL, { form: { logout_token: token } })).status();

  // Each lacks one thing; the last sending shows that what is left is enough.
  const forged: [string, string][] = [
    ['another key', await provider.sign(genuine(), header, 'foreign')],
    ['no signature', await provider.sign(genuine(), header, 'none')],
    ['another audience', await provider.sign(genuine({ aud: 'another-client' }), header)],
    ['another issuer', await provider.sign(genuine({ iss: 'https://evil.example' }), header)],
    ['too old', await provider.sign(genuine({ iat: now - 7200, exp: now - 3600 }), header)],
    ['no event', await provider.sign(genuine({ events: undefined }), header)],
    ['an ID token', await provider.sign(genuine({ nonce: 'n' }), header)],
    ['no name of its own', await provider.sign(genuine({ jti: undefined }), header)],
    ['nobody', await provider.sign(genuine({ sub: undefined, sid: undefined }), header)],
    ['no token', 'nonsense'],
    ['nothing', ''],
    ['a long text', 'x'.repeat(40_000)],
  ];
  for (const [what, token] of forged) {
    expect(await send(token), what).toBe(400);
    await page.goto('/');
    await inside(page, somebody);
  }
  const real = await provider.sign(genuine(), header);
  expect([200, 204]).toContain(await send(real));
  await nobody(page);

  // The same token again ends no session that began after it.
  await signInAgain(page);
  await inside(page, somebody);
  await send(real);
  await page.goto('/');
  await inside(page, somebody);
});
