//! Personal tokens: made under My account and shown once, speaking as their owner, marked under API keys, revoked.

import { expect, test } from './fixtures';
import { open, signIn, unique } from './persons';
import type { Page } from '@playwright/test';

function panel(page: Page) {
  return page.getByRole('region', { name: 'Personal tokens' });
}

function row(page: Page, name: string) {
  return panel(page).getByRole('listitem').filter({ hasText: name });
}

async function make(page: Page, name: string, scopes: string[], days = '30'): Promise<string> {
  await open(page, '/account');
  const form = panel(page);
  await form.getByLabel('Name of the token').fill(name);
  for (const scope of scopes) await form.getByRole('checkbox', { name: new RegExp(`^${scope}`) }).check();
  await form.getByLabel('Ends after (days)').fill(days);
  await form.getByRole('button', { name: 'Make the token' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Personal token' })).toBeVisible();
  return page.getByLabel('Token', { exact: true }).inputValue();
}

/** A file that takes a key and no cookie: the status that a program gets. */
async function asProgram(server: string, token: string): Promise<number> {
  const answer = await fetch(`${server}/decisions/none/bundle.json`, { headers: { authorization: `Bearer ${token}` } });
  return answer.status;
}

test('a token is shown once, and loading its page again makes no other', async ({ page, server }) => {
  await signIn(page, 'ben');
  const name = unique('editor');
  const token = await make(page, name, ['read', 'decide']);
  expect(token).toMatch(/^nxc_[0-9a-z]{12}_[0-9A-Za-z]{38}$/);
  const secret = token.split('_')[2] ?? token;
  expect(page.url()).not.toContain(secret);
  expect(await asProgram(server.url, token)).toBe(404);

  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'My account' })).toBeVisible();
  await expect(panel(page).getByRole('alert')).toContainText('This form was sent before');
  await expect(row(page, name)).toHaveCount(1);
  expect(await page.content()).not.toContain(secret);

  await open(page, '/account');
  await expect(row(page, name)).toContainText(token.split('_').slice(0, 2).join('_'));
  await expect(row(page, name)).toContainText('decide');
  await expect(row(page, name)).toContainText('Last used');
  expect(await page.content()).not.toContain(secret);
});

test('a token is revoked in two steps, and the next call with it is refused', async ({ page, server }) => {
  await signIn(page, 'ben');
  const name = unique('old laptop');
  const token = await make(page, name, ['read']);
  await page.getByRole('link', { name: 'Back to my account' }).click();
  await row(page, name).getByText('Revoke', { exact: true }).click();
  await row(page, name).getByRole('button', { name: /^Revoke .* for good$/ }).click();
  await expect(page.getByRole('status')).toContainText('The token is revoked.');
  await expect(row(page, name)).toHaveCount(0);
  expect(await asProgram(server.url, token)).toBe(401);
});

test('without a scope or an end nothing is made, and what was typed stays', async ({ page }) => {
  await signIn(page, 'ben');
  await open(page, '/account');
  const form = panel(page);
  await form.getByLabel('Name of the token').fill('No "scope"');
  await form.getByLabel('Ends after (days)').fill('7');
  await form.getByRole('button', { name: 'Make the token' }).click();
  await expect(form.getByRole('alert')).toContainText('Choose at least one scope. Nothing was recorded.');
  await expect(form.getByLabel('Name of the token')).toHaveValue('No "scope"');
  await expect(form.getByLabel('Ends after (days)')).toHaveValue('7');
  await expect(page.getByLabel('What you are called')).not.toHaveValue('No "scope"');

  // The browser would not send these; somebody may.
  for (const days of ['', '0', '367', 'soon']) {
    const { origin } = new URL(page.url());
    const answer = await page.request.post('/api/create_token', {
      form: { name: 'forged', 'scopes[0]': 'read', days, newest: '' },
      headers: { origin, accept: 'application/json' },
    });
    expect(answer.status(), days).toBe(422);
    expect(await answer.text()).not.toContain('nxc_');
  }
});

test('an admin finds it under API keys, marked as personal, and revokes it', async ({ page, newPerson, server }) => {
  const them = await newPerson();
  await signIn(them, 'ben');
  const name = unique('lost phone');
  const token = await make(them, name, ['request']);
  await signIn(page, 'noor');
  await open(page, '/keys');
  const line = page.getByRole('table').locator('tbody tr').filter({ hasText: name });
  await expect(line).toContainText('Personal token');
  await line.getByText('Revoke', { exact: true }).click();
  await line.getByRole('button', { name: /^Revoke .* for good$/ }).click();
  await expect(page.getByRole('status')).toContainText('The key is revoked.');
  expect(await asProgram(server.url, token)).toBe(401);
  await open(them, '/account');
  await expect(row(them, name)).toHaveCount(0);
});

test('nobody revokes a token of somebody else', async ({ page, newPerson, server }) => {
  const them = await newPerson();
  await signIn(them, 'ben');
  const token = await make(them, unique('mine'), ['read']);
  const id = token.split('_').slice(0, 2).join('_');
  await signIn(page, 'noor');
  await open(page, '/account');
  const { origin } = new URL(page.url());
  const answer = await page.request.post('/api/revoke_token', { form: { id }, headers: { origin, accept: 'application/json' } });
  expect(answer.status()).toBe(404);
  expect(await asProgram(server.url, token)).toBe(404);
});

test('a machine is not offered what only people may', async ({ page }) => {
  await signIn(page, 'noor');
  await open(page, '/keys');
  const form = page.getByRole('region', { name: 'New key' });
  await expect(form.getByRole('checkbox')).toHaveCount(5);
  await expect(form.getByRole('checkbox', { name: /^(decide|manage)/ })).toHaveCount(0);
  await open(page, '/account');
  await expect(panel(page).getByRole('checkbox')).toHaveCount(6);
});
