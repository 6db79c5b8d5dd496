//! People: added, given roles, kept out; and one admin always stays.

import { expect, test } from './fixtures';
import { alive, open, signIn, unique } from './persons';
import type { Page } from '@playwright/test';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/api\//));

const PASSWORD = 'correct horse battery';

async function add(admin: Page, name: string, roles: string[]): Promise<string> {
  const email = `${unique('new').replace(' ', '-')}@northwind.example`;
  await open(admin, '/people');
  const form = admin.getByRole('region', { name: 'Add a person' });
  await form.getByLabel('E-mail').fill(email);
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('First password').fill(PASSWORD);
  for (const role of roles) await form.getByRole('checkbox', { name: new RegExp(`^${role}`) }).check();
  await form.getByRole('button', { name: 'Add person' }).click();
  await expect(admin.getByRole('main').getByText(email)).toBeVisible();
  await alive(admin);
  return email;
}

async function enter(page: Page, email: string, password: string): Promise<void> {
  await open(page, '/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

function line(admin: Page, email: string) {
  return admin.getByRole('main').getByRole('listitem').filter({ hasText: email });
}

test('an admin adds somebody, changes their roles, and keeps them out', async ({ page, newPerson }) => {
  await signIn(page, 'noor');
  const email = await add(page, unique('Priya'), ['Requester']);
  const them = await newPerson();
  await enter(them, email, PASSWORD);
  await expect(them.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  await expect(them.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'New request' })).toBeVisible();
  await expect(them.getByText('Approvals are not among your roles.')).toBeVisible();

  await line(page, email).getByText('Change', { exact: true }).click();
  await line(page, email).getByRole('checkbox', { name: /^Requester/ }).uncheck();
  await line(page, email).getByRole('checkbox', { name: /^Auditor/ }).check();
  await line(page, email).getByRole('button', { name: 'Save roles' }).click();
  await expect(line(page, email).getByText('Auditor', { exact: true })).toBeVisible();
  // It counts at their next click, without signing in again.
  await them.goto('/');
  await expect(them.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'New request' })).toHaveCount(0);

  await open(page, '/people');
  await line(page, email).getByText('Change', { exact: true }).click();
  await line(page, email).getByRole('button', { name: 'Suspend' }).click();
  await expect(line(page, email).getByText('Suspended')).toBeVisible();
  await alive(them);
  await them.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Decisions' }).click();
  await expect(them.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await enter(them, email, PASSWORD);
  await expect(them.getByRole('alert')).toContainText('E-mail or password is wrong.');

  await open(page, '/people');
  await line(page, email).getByText('Change', { exact: true }).click();
  await line(page, email).getByRole('button', { name: 'Let back in' }).click();
  await expect(line(page, email).getByText('Suspended')).toHaveCount(0);
  await enter(them, email, PASSWORD);
  await expect(them.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
});

test('who exists already or gets no role is refused, and what was typed stays', async ({ page }) => {
  await signIn(page, 'noor');
  await open(page, '/people');
  const form = page.getByRole('region', { name: 'Add a person' });
  const fill = async (email: string) => {
    await form.getByLabel('E-mail').fill(email);
    await form.getByLabel('Name').fill('Somebody "Else"');
    await form.getByLabel('First password').fill(PASSWORD);
  };
  await fill('ben@northwind.example');
  await form.getByRole('checkbox', { name: /^Auditor/ }).check();
  await form.getByRole('button', { name: 'Add person' }).click();
  await expect(form.getByRole('alert')).toContainText('Nothing was recorded.');
  await alive(page);
  await expect(form.getByLabel('E-mail')).toHaveValue('ben@northwind.example');
  await expect(form.getByLabel('Name')).toHaveValue('Somebody "Else"');
  await expect(form.getByRole('checkbox', { name: /^Auditor/ })).toBeChecked();
  await form.getByRole('checkbox', { name: /^Auditor/ }).uncheck();
  await fill(`${unique('else').replace(' ', '-')}@northwind.example`);
  await form.getByRole('button', { name: 'Add person' }).click();
  await expect(form.getByRole('alert')).toContainText(/at least one role/);
});

test('a new password ends the sessions that the old one began', async ({ page, newPerson }) => {
  await signIn(page, 'noor');
  const email = await add(page, unique('Quentin'), ['Requester']);
  const [here, there] = [await newPerson(), await newPerson()];
  await enter(here, email, PASSWORD);
  await expect(here.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  await enter(there, email, PASSWORD);
  await expect(there.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();

  await open(here, '/account');
  await here.getByLabel('Current password').fill('not this one at all');
  await here.getByLabel('New password').fill('another long secret');
  await here.getByRole('button', { name: 'Change password' }).click();
  await expect(here.getByRole('alert')).toContainText(/current password is wrong/i);
  await alive(here);
  await here.getByLabel('Current password').fill(PASSWORD);
  await here.getByLabel('New password').fill('another long secret');
  await here.getByRole('button', { name: 'Change password' }).click();
  await expect(here.getByRole('status')).toContainText('Your password is changed');
  await there.goto('/decisions');
  await expect(there.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await here.goto('/account');
  await expect(here.getByRole('heading', { level: 1, name: 'My account' })).toBeVisible();
  await enter(there, email, 'another long secret');
  await expect(there.getByRole('heading', { level: 1, name: 'Decisions' }).or(there.getByRole('heading', { level: 1, name: 'Inbox' }))).toBeVisible();
});

test('who is no admin sees people and changes nothing', async ({ page, complaints }) => {
  complaints.expect(/403/);
  await signIn(page, 'erin');
  await open(page, '/people');
  await expect(page.getByRole('main').getByText('noor@northwind.example')).toBeVisible();
  await expect(page.getByText('Change', { exact: true })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Add a person' })).toHaveCount(0);
  await signIn(page, 'ben');
  expect((await page.goto('/people'))?.status()).toBe(403);
});
