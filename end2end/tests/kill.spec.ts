//! The power goes while something runs: people see that nobody knows how it ended, and it is never run again.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures';
import { alive } from './persons';
import { emptyFolder, removeFolder, startServer } from './server';
import type { Page } from '@playwright/test';

const CONFIG = `
[[adapter]]
name = "slow"
description = "Takes its time"
command = ["/bin/sh", "-c", "sleep 15; echo done"]
capabilities = ["slow"]
timeout_seconds = 30
`;

test('a run that was killed ends as an unknown outcome, in words, and does not run again', async ({ page, newPerson, complaints }) => {
  test.slow();
  complaints.expect(/Failed to load resource|Failed to fetch/);
  const folder = emptyFolder();
  writeFileSync(join(folder, 'nexus-control.toml'), CONFIG);
  let server = await startServer(folder, ['serve']);
  try {
    await expect.poll(() => server.log()).toMatch(/\/set-up\?token=\S+/);
    await page.goto(/http:\S+\/set-up\?token=\S+/.exec(server.log())?.[0] ?? '');
    await alive(page);
    await page.getByLabel('Name of the workspace').fill('Works');
    await page.getByLabel('Your name').fill('Ana');
    await page.getByLabel('Your e-mail').fill('ana@works.example');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();

    await page.goto(`${server.url}/requests/new`);
    await alive(page);
    await page.getByLabel('Goal').fill('Turn the slow wheel');
    await page.getByLabel('Mode').selectOption('apply');
    await page.getByText('Policy of this request').click();
    await page.getByLabel('What may run').selectOption('apply');
    await page.getByLabel('Adapter must have').fill('slow');
    await page.getByLabel('May the requester approve?').selectOption('no');
    await page.getByRole('button', { name: 'Ask for approval' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Turn the slow wheel' })).toBeVisible();
    const path = new URL(page.url()).pathname;
    await alive(page);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect(page.getByRole('region', { name: 'Approvals: 1 of 1' })).toBeVisible();
    await alive(page);
    await page.getByRole('button', { name: 'Run it for real' }).click({ noWaitAfter: true });

    // Somebody else looks: it is running. Then the machine dies.
    const other = await newPerson();
    await signInAt(other, server.url);
    await expect(async () => {
      await other.goto(server.url + path);
      await expect(other.getByRole('region', { name: /^Run Running/ })).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 12_000 });
    await server.kill();
    server = await startServer(folder, ['serve']);

    await signInAt(other, server.url);
    await other.goto(server.url + path);
    await alive(other);
    await expect(other.getByRole('region', { name: /^Run Outcome unknown/ })).toContainText('OUTCOME_UNKNOWN');
    await expect(other.getByText('It was started, and nobody knows how it ended.')).toBeVisible();
    await expect(other.getByText('This one is never tried again.')).toBeVisible();
    await expect(other.getByRole('button', { name: 'Run it for real' })).toHaveCount(0);

    const forged = await other.request.post(`${server.url}/api/execute`, {
      form: { id: path.split('/')[2] ?? '', expected_version: '6', adapter: 'subprocess:slow' },
      headers: { accept: 'text/html', origin: server.url },
    });
    expect(forged.status()).toBeLessThan(500);
    await other.goto(server.url + path);
    await expect(other.getByRole('region', { name: 'Timeline' }).getByText('Execution started', { exact: true })).toHaveCount(1);
    await expect(other.getByRole('region', { name: /^Run Outcome unknown/ })).toBeVisible();

    // What is offered can be had.
    const links = other.getByRole('region', { name: 'Evidence' }).getByRole('listitem').getByRole('link');
    for (const href of await links.evaluateAll((found) => found.map((one) => one.getAttribute('href') ?? ''))) {
      const answer = await other.request.get(server.url + href);
      expect(answer.status(), `${href}: ${await answer.text()}`).toBe(200);
    }
  } finally {
    await server.stop();
    removeFolder(folder);
  }
});

async function signInAt(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await alive(page);
  await page.getByLabel('E-mail').fill('ana@works.example');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
}
