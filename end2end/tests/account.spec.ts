//! One's own account: its name, where one is signed in, and proving again who one is.

import { expect, test } from './fixtures';
import { address, enter, invite, join, PASSWORD } from './joining';
import { alive, open, signIn, unique } from './persons';
import type { Page } from '@playwright/test';

test.describe.configure({ timeout: 60_000 });

async function somebody(admin: Page, them: Page): Promise<{ email: string; name: string }> {
  await signIn(admin, 'noor');
  const who = { email: address(), name: unique('Ines') };
  await join(them, await invite(admin, who.email, who.name, ['Requester']));
  return who;
}

async function session(page: Page): Promise<string> {
  const cookies = await page.context().cookies();
  return cookies.find(({ name }) => name.endsWith('nexus-session'))?.value ?? '';
}

test('a new name is everywhere at once, and one of nothing is refused', async ({ page, newPerson }) => {
  const them = await newPerson();
  await somebody(page, them);
  await open(them, '/account');
  const panel = them.getByRole('region', { name: 'Name' });
  const field = panel.getByLabel('What you are called');
  await field.fill('   ');
  await panel.getByRole('button', { name: 'Save name' }).click();
  await expect(panel.getByRole('alert')).toBeVisible();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toBeFocused();
  const name = `Ingeborg ${'von '.repeat(30)}Ärmel`;
  await field.fill(name);
  await panel.getByRole('button', { name: 'Save name' }).click();
  await expect(them.getByRole('status')).toContainText('Your name is changed.');
  await expect(field).toHaveValue(name);
  await expect(them.getByRole('banner')).toContainText('Ingeborg');
});

test('a session is ended from another browser, and so are all others', async ({ page, newPerson }) => {
  const [here, there, elsewhere] = [await newPerson(), await newPerson(), await newPerson()];
  const { email } = await somebody(page, here);
  await enter(there, email);
  await expect(there.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();

  await open(here, '/account');
  const panel = here.getByRole('region', { name: 'Where you are signed in' });
  await expect(panel.getByRole('listitem')).toHaveCount(2);
  await expect(panel.getByRole('listitem').filter({ hasText: 'This one' })).toHaveCount(1);
  await expect(panel).toContainText('127.0.0.1');
  await panel.getByRole('button', { name: /^End Chrome/ }).click();
  await expect(here.getByRole('status')).toContainText('The session has ended.');
  await expect(panel.getByRole('listitem')).toHaveCount(1);
  await open(there, '/decisions');
  await expect(there.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();

  for (const browser of [there, elsewhere]) {
    await enter(browser, email);
    await expect(browser.getByRole('heading', { level: 1, name: /Inbox|Decisions/ })).toBeVisible();
  }
  await open(here, '/account');
  await panel.getByRole('button', { name: 'End all other sessions' }).click();
  await expect(here.getByRole('status')).toContainText('Your other sessions have ended.');
  await expect(panel.getByRole('listitem')).toHaveCount(1);
  for (const browser of [there, elsewhere]) {
    await open(browser, '/decisions');
    await expect(browser.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  }
});

test('nobody ends a session of somebody else', async ({ page, newPerson }) => {
  const [them, other] = [await newPerson(), await newPerson()];
  await somebody(page, them);
  const { email } = await somebody(page, other);
  const second = await newPerson();
  await enter(second, email);
  await open(other, '/account');
  const name = await other.locator('input[name="name"][type="hidden"]').inputValue();
  const { origin } = new URL(them.url());
  const answer = await them.request.post('/api/end_my_session', { form: { name }, headers: { origin, accept: 'application/json' } });
  expect(answer.status()).toBe(404);
  await open(second, '/decisions');
  await expect(second.getByRole('heading', { level: 1, name: 'Decisions' })).toBeVisible();
});

test('who signs in again comes back to where they were, with a new session', async ({ page, newPerson }) => {
  const them = await newPerson();
  await somebody(page, them);
  const before = await session(them);
  await open(them, '/sign-in/again?next=%2Fdecisions%3Ftext%3Ddeploy');
  await expect(them.getByRole('link', { name: 'Back without signing in again' })).toHaveAttribute('href', '/decisions?text=deploy');
  await them.getByLabel('Password').fill('not this one at all');
  await them.getByRole('button', { name: 'Sign in again' }).click();
  await expect(them.getByRole('alert')).toContainText('This password is wrong.');
  await expect(them.getByLabel('Password')).toHaveAccessibleDescription(/This password is wrong/);
  expect(await session(them)).toBe(before);
  await them.getByLabel('Password').fill(PASSWORD);
  await them.getByRole('button', { name: 'Sign in again' }).click();
  await expect(them.getByRole('heading', { level: 1, name: 'Decisions' })).toBeVisible();
  expect(new URL(them.url()).search).toBe('?text=deploy');
  expect(before).not.toBe('');
  expect(await session(them)).not.toBe(before);

  await open(them, '/sign-in/again?next=%2F%2Fevil.example');
  await expect(them.getByRole('link', { name: 'Back without signing in again' })).toHaveAttribute('href', '/account');
  const stranger = await newPerson();
  await open(stranger, '/sign-in/again?next=%2Fdecisions');
  await expect(stranger.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
});

test('the page after signing out says what is so', async ({ page, newPerson }) => {
  await open(page, '/signed-out');
  await expect(page.getByRole('heading', { level: 1, name: 'You are signed out' })).toBeVisible();
  const them = await newPerson();
  await signIn(them, 'ben');
  await open(them, '/signed-out');
  await expect(them.getByRole('heading', { level: 1, name: 'You are signed in' })).toBeVisible();
  await them.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
  await expect(them.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await alive(them);
});
