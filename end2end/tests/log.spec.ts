//! The workspace's log: who did what, before and after, and a file of it that anyone can check.

import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from './fixtures';
import { open, signIn } from './persons';
import { openPerson } from './joining';
import { verify } from './server';

test('a change of roles stands in the log with what was before and after', async ({ page }) => {
  await signIn(page, 'noor');
  await openPerson(page, 'kavya@northwind.example');
  const roles = page.getByRole('region', { name: 'Roles' });
  await roles.getByRole('checkbox', { name: /^Author/ }).check();
  await roles.getByRole('button', { name: 'Save roles' }).click();
  await expect(page.getByRole('status')).toContainText('saved');

  await open(page, '/');
  await page.getByRole('navigation', { name: 'Main' }).getByText('Admin', { exact: true }).click();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Log' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Log' })).toBeVisible();
  const entry = page.getByRole('table').locator('tbody tr').filter({ hasText: 'kavya@northwind.example' }).first();
  await expect(entry).toContainText('Roles changed');
  await expect(entry.locator('td[data-label="Who"]')).toContainText('Noor Haddad');
  await expect(entry.locator('td[data-label="Who"]')).toContainText('127.0.0.1');
  await expect(entry.locator('td[data-label="Before"]')).toHaveText('requester');
  await expect(entry.locator('td[data-label="After"]')).toHaveText('requester, author');

  // Others of this server's tests take them for a requester.
  await openPerson(page, 'kavya@northwind.example');
  await roles.getByRole('checkbox', { name: /^Author/ }).uncheck();
  await roles.getByRole('button', { name: 'Save roles' }).click();
  await expect(page.getByRole('status')).toContainText('saved');
});

test('an auditor downloads the log, and a changed copy is told from it', async ({ page }, info) => {
  await signIn(page, 'erin');
  await open(page, '/log');
  const arriving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the whole log' }).click();
  const file = info.outputPath('workspace.log.json');
  await (await arriving).saveAs(file);
  expect(verify(file)).toMatchObject({ code: 0 });

  const text = readFileSync(file, 'utf8');
  const forged = info.outputPath('forged.log.json');
  writeFileSync(forged, text.replace('erin@northwind.example', 'ben@northwind.example'));
  expect(verify(forged).code).not.toBe(0);

  // That it was taken away stands in it.
  await open(page, '/log');
  await expect(page.getByRole('table').locator('tbody tr').first()).toContainText('Log downloaded');
});

test('a long log has pages in both directions', async ({ page }) => {
  test.setTimeout(90_000);
  await signIn(page, 'noor');
  for (let turn = 0; turn < 60; turn += 1) {
    await page.request.post('/api/set_forbid_self_approval', {
      form: { forbid: turn % 2 === 0 ? 'false' : 'true' },
      headers: { accept: 'text/html', origin: new URL((await page.request.get('/readyz')).url()).origin },
      maxRedirects: 0,
    });
  }
  await open(page, '/log');
  const rows = page.getByRole('table').locator('tbody tr');
  await expect(rows).toHaveCount(50);
  await expect(page.getByRole('link', { name: 'Newer' })).toHaveCount(0);
  const newest = await rows.first().innerText();
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(rows.first()).not.toHaveText(newest);
  await page.getByRole('link', { name: 'Newer' }).click();
  await expect(rows).toHaveCount(50);
  expect(await rows.first().innerText()).toBe(newest);
});
