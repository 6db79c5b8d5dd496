//! People: invited, given roles, kept out; and one admin always stays.

import { expect, test } from './fixtures';
import { alive, open, signIn, unique } from './persons';
import { address, enter, fillInvitation, invite, join, openPerson, PASSWORD } from './joining';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/api\//));

test('an admin invites somebody, changes their roles, and keeps them out', async ({ page, newPerson }) => {
  test.setTimeout(60_000);
  await signIn(page, 'noor');
  const [email, name] = [address(), unique('Priya')];
  const link = await invite(page, email, name, ['Requester']);
  const them = await newPerson();
  await join(them, link);
  await expect(them.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'New request' })).toBeVisible();
  await expect(them.getByText('You have no open requests.')).toBeVisible();
  await open(them, '/?tab=mine');
  await expect(them.getByText('Approvals are not among your roles.')).toBeVisible();

  await openPerson(page, email);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const roles = page.getByRole('region', { name: 'Roles' });
  await roles.getByRole('checkbox', { name: /^Requester/ }).uncheck();
  await roles.getByRole('checkbox', { name: /^Auditor/ }).check();
  await roles.getByRole('button', { name: 'Save roles' }).click();
  await expect(page.getByRole('status')).toContainText('The roles are saved.');
  await expect(roles.getByRole('checkbox', { name: /^Auditor/ })).toBeChecked();
  await expect(roles.getByRole('checkbox', { name: /^Requester/ })).not.toBeChecked();
  // It counts at their next click, without signing in again.
  await them.goto('/');
  await expect(them.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'New request' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Suspend' }).click();
  await expect(page.locator('.badge', { hasText: 'Suspended' })).toBeVisible();
  await alive(them);
  await them.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Decisions' }).click();
  await expect(them.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await enter(them, email);
  await expect(them.getByRole('alert')).toContainText('E-mail or password is wrong.');

  await page.getByRole('button', { name: 'Let back in' }).click();
  await expect(page.locator('.badge', { hasText: 'Suspended' })).toHaveCount(0);
  await enter(them, email);
  await expect(them.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
});

test('the link of an invitation is shown once, works once, and can be taken back', async ({ page, newPerson, complaints }) => {
  complaints.expect(/\/join\?/);
  test.setTimeout(60_000);
  await signIn(page, 'noor');
  const [used, unused] = [address(), address()];
  const link = await invite(page, used, unique('Omar'), ['Requester']);
  // Loading the answer again sends the form again, which is refused: there is no second link.
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('This form was sent before');
  await expect(page.getByRole('region', { name: 'Invited' }).getByText(used)).toHaveCount(1);
  await expect(page.locator('body')).not.toContainText(link.split('token=')[1] ?? link);

  const them = await newPerson();
  await join(them, link);
  await open(page, '/people');
  await expect(page.getByRole('region', { name: 'Invited' }).getByText(used)).toHaveCount(0);
  const second = await newPerson();
  await second.goto(link);
  await expect(second.getByRole('heading', { level: 1, name: 'Inbox' })).toHaveCount(0);
  await expect(second.getByRole('button', { name: 'Join' })).toHaveCount(0);

  const other = await invite(page, unused, unique('Petra'), ['Auditor']);
  await open(page, '/people');
  const line = page.getByRole('region', { name: 'Invited' }).getByRole('listitem').filter({ hasText: unused });
  await line.getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByRole('status')).toContainText('taken back');
  await second.goto(other);
  await expect(second.getByRole('button', { name: 'Join' })).toHaveCount(0);
});

test('who belongs here already or gets no role is refused, and what was typed stays', async ({ page }) => {
  await signIn(page, 'noor');
  await open(page, '/people');
  const form = page.getByRole('region', { name: 'Invite somebody' });
  await fillInvitation(page, 'ben@northwind.example', 'Somebody "Else"', ['Auditor']);
  await expect(form.getByRole('alert')).toContainText('belongs to somebody here already');
  await expect(form.getByRole('alert')).toContainText('Nothing was recorded.');
  await expect(form.getByLabel('E-mail')).toHaveValue('ben@northwind.example');
  await expect(form.getByLabel('Name')).toHaveValue('Somebody "Else"');
  await expect(form.getByRole('checkbox', { name: /^Auditor/ })).toBeChecked();
  await form.getByRole('checkbox', { name: /^Auditor/ }).uncheck();
  await fillInvitation(page, address(), 'Somebody "Else"', []);
  await expect(form.getByRole('alert')).toContainText(/at least one role/);
});

test('a new password ends the sessions that the old one began', async ({ page, newPerson }) => {
  test.setTimeout(60_000);
  await signIn(page, 'noor');
  const email = address();
  const link = await invite(page, email, unique('Quentin'), ['Requester']);
  const [here, there] = [await newPerson(), await newPerson()];
  await join(here, link);
  await enter(there, email);
  await expect(there.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();

  await openPerson(page, email);
  await expect(page.getByRole('region', { name: 'Sessions in this workspace' }).getByRole('listitem')).toHaveCount(2);
  await page.getByRole('region', { name: 'Password' }).getByLabel('New password').fill('another long secret');
  await page.getByRole('button', { name: 'Reset password' }).click();
  await expect(page.getByRole('status')).toContainText('new password');
  await expect(page.getByText('They are not signed in to this workspace.')).toBeVisible();
  for (const browser of [here, there]) {
    await browser.goto('/decisions');
    await expect(browser.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  }
  await enter(there, email, 'another long secret');
  await expect(there.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();

  // An admin ends one session, and it has ended.
  await openPerson(page, email);
  await page.getByRole('button', { name: /^End the session/ }).click();
  await expect(page.getByRole('status')).toContainText('Ended.');
  await there.goto('/decisions');
  await expect(there.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
});

test('people are found by name, address and role', async ({ page }) => {
  await signIn(page, 'noor');
  await open(page, '/people');
  const rows = page.getByRole('table').locator('tbody tr');
  await page.getByLabel('Find somebody').fill('CARLA');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('carla@northwind.example');
  await page.getByLabel('Find somebody').fill('nobody is called that');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await expect(page.getByText('Nobody here is called that.')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Everyone' }).first().click();
  await expect(rows.filter({ hasText: 'alice@northwind.example' })).toHaveCount(1);
});

test('who is no admin sees people and changes nothing', async ({ page, complaints }) => {
  complaints.expect(/40[34]/);
  await signIn(page, 'erin');
  await open(page, '/people');
  await expect(page.getByRole('main').getByText('noor@northwind.example')).toBeVisible();
  await expect(page.getByRole('table').getByRole('link')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Invite somebody' })).toHaveCount(0);
  for (const path of ['/people/prs_northwind_ben', '/keys', '/settings']) {
    expect((await page.goto(path))?.status(), path).toBe(403);
  }
  await signIn(page, 'ben');
  for (const path of ['/people', '/people/prs_northwind_ben', '/keys', '/settings', '/log', '/overview']) {
    expect((await page.goto(path))?.status(), path).toBe(403);
  }
  await signIn(page, 'noor');
  expect((await page.goto('/people/prs_nobody_at_all'))?.status()).toBe(404);
});
