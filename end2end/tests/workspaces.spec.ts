//! Workspaces: a second one is made, gone to, and knows nothing of the first.

import { expect, test } from './fixtures';
import { ask, open, signIn, unique } from './persons';

test('nothing of one workspace is visible in another', async ({ page, complaints }) => {
  test.setTimeout(60_000);
  complaints.expect(/404/);
  await signIn(page, 'alice');
  const decision = await ask(page, { goal: unique('stay in the first workspace') });
  await open(page, '/settings');
  const first = await page.getByLabel('Workspace id').inputValue();
  expect(first).not.toBe('');
  const name = unique('Second Wall');
  await page.getByRole('region', { name: 'Another workspace' }).getByLabel('Its name').fill(name);
  await page.getByRole('button', { name: 'Make the workspace' }).click();
  await expect(page.getByRole('status')).toContainText('The workspace is made');

  await page.locator('details.account > summary').click();
  await page.getByLabel('Other workspaces').selectOption({ label: name });
  await page.getByRole('button', { name: 'Go there' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  await expect(page.getByRole('banner').getByText(name)).toBeVisible();

  expect((await page.goto(decision))?.status()).toBe(404);
  await open(page, '/decisions');
  await expect(page.getByRole('table')).toHaveCount(0);
  await open(page, '/templates');
  await expect(page.getByText('No templates yet.')).toBeVisible();
  await open(page, '/people');
  await expect(page.getByRole('table').locator('tbody tr')).toHaveCount(1);
  await open(page, '/keys');
  await expect(page.getByText('No keys yet.')).toBeVisible();
  await open(page, '/log');
  await expect(page.getByRole('main')).not.toContainText('kavya@northwind.example');
  await open(page, '/settings');
  expect(await page.getByLabel('Workspace id').inputValue()).not.toBe(first);

  // Their account is not this workspace's alone, so that its admins cannot take it over.
  await open(page, '/people');
  await page.getByRole('table').getByRole('link').first().click();
  await expect(page.getByRole('button', { name: 'Reset password' })).toHaveCount(0);
  await expect(page.getByText('They belong to other workspaces too').first()).toBeVisible();

  await page.locator('details.account > summary').click();
  await page.getByLabel('Other workspaces').selectOption(first);
  await page.getByRole('button', { name: 'Go there' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  expect((await page.goto(decision))?.status()).toBe(200);
});

test('a workspace that is not mine is not there', async ({ page, newPerson }) => {
  await signIn(page, 'noor');
  await open(page, '/settings');
  const name = unique('Closed Wall');
  await page.getByRole('region', { name: 'Another workspace' }).getByLabel('Its name').fill(name);
  await page.getByRole('button', { name: 'Make the workspace' }).click();
  await page.locator('details.account > summary').click();
  const id = await page.getByLabel('Other workspaces').locator('option', { hasText: name }).getAttribute('value');

  const other = await newPerson();
  await signIn(other, 'ben');
  await open(other, '/');
  await other.locator('details.account > summary').click();
  await expect(other.getByLabel('Other workspaces')).toHaveCount(0);
  const origin = new URL(other.url()).origin;
  const answer = await other.request.post('/workspace', { form: { id: id ?? '' }, headers: { origin }, maxRedirects: 0 });
  expect(answer.status()).not.toBe(303);
  await other.goto('/');
  await expect(other.getByRole('banner')).not.toContainText(name);
});
