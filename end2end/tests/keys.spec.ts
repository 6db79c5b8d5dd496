//! API keys: shown once, listed without their secret, revoked for good.

import { expect, test } from './fixtures';
import { open, signIn, unique } from './persons';
import type { Page } from '@playwright/test';

async function make(admin: Page, name: string, scopes: string[]): Promise<string> {
  await open(admin, '/keys');
  const form = admin.getByRole('region', { name: 'New key' });
  await form.getByLabel('Name').fill(name);
  for (const scope of scopes) await form.getByRole('checkbox', { name: new RegExp(`^${scope}`) }).check();
  await form.getByRole('button', { name: 'Make the key' }).click();
  await expect(admin.getByRole('heading', { level: 1, name: 'API key' })).toBeVisible();
  return admin.getByLabel('Key', { exact: true }).inputValue();
}

function row(admin: Page, name: string) {
  return admin.getByRole('table').locator('tbody tr').filter({ hasText: name });
}

test('a key is shown once, and loading its page again makes no other', async ({ page }) => {
  await signIn(page, 'noor');
  const name = unique('release pipeline');
  const key = await make(page, name, ['request', 'read']);
  expect(key).toMatch(/^nxc_[0-9a-z]{12}_[0-9A-Za-z]{38}$/);
  const secret = key.split('_')[2] ?? key;
  expect(page.url()).not.toContain(secret);

  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'API keys' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('This form was sent before');
  await expect(row(page, name)).toHaveCount(1);
  expect(await page.content()).not.toContain(secret);
  await page.goBack();
  expect(await page.content()).not.toContain(secret);

  await open(page, '/keys');
  await expect(row(page, name)).toContainText(key.split('_').slice(0, 2).join('_'));
  await expect(row(page, name)).toContainText('Noor Haddad');
  await expect(row(page, name)).toContainText('never');
  expect(await page.content()).not.toContain(secret);
});

test('a key is revoked in two steps, and stays in the list of those that have ended', async ({ page }) => {
  await signIn(page, 'noor');
  const name = unique('old exporter');
  await make(page, name, ['export']);
  await page.getByRole('link', { name: 'Back to keys' }).click();
  await row(page, name).getByText('Revoke', { exact: true }).click();
  await row(page, name).getByRole('button', { name: /^Revoke .* for good$/ }).click();
  await expect(page.getByRole('status')).toContainText('The key is revoked.');
  await expect(row(page, name)).toHaveCount(0);
  await page.getByRole('link', { name: 'Ended' }).click();
  await expect(row(page, name)).toContainText('Revoked');
  await expect(row(page, name).getByText('Revoke', { exact: true })).toHaveCount(0);
});

test('a key without a scope is refused, and what was typed stays', async ({ page }) => {
  await signIn(page, 'noor');
  await open(page, '/keys');
  const form = page.getByRole('region', { name: 'New key' });
  await form.getByLabel('Name').fill('No "scope"');
  await form.getByLabel('Ends after (days)').fill('');
  await form.getByRole('button', { name: 'Make the key' }).click();
  await expect(form.getByRole('alert')).toContainText('Choose at least one scope. Nothing was recorded.');
  await expect(form.getByLabel('Name')).toHaveValue('No "scope"');
  await expect(form.getByLabel('Ends after (days)')).toHaveValue('');
});
