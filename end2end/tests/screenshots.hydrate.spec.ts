//! Pictures for the documentation, of the running demo: the key states at desk and phone size, light and dark.
//! Only with SCREENSHOTS=1 (see `playwright.config.ts`): each is made by walking there, so that none shows what is not.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { approve, ask, bound, open, post, signIn } from './persons';

const FOLDER = join(fileURLToPath(import.meta.url), '../../../docs/screenshots');
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

test.beforeEach(async ({ page }) => {
  test.setTimeout(120_000);
  await page.setViewportSize(DESK);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
});

async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

/** On the desk in the dark, and on a phone. */
async function shootAll(page: Page, name: string): Promise<void> {
  await shoot(page, name);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await shoot(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(PHONE);
  await shoot(page, `${name}-phone`);
  await page.setViewportSize(DESK);
}

const RELEASE = {
  goal: 'Deploy checkout 7.1.0 to production: pay by bank transfer in all shops',
  plan: '{\n  "service": "checkout",\n  "version": "7.1.0"\n}',
  template: 'prod-deploy',
  mode: 'apply' as const,
};

test('the inbox, its keys, and several at once', async ({ page }) => {
  await signIn(page, 'carla');
  await open(page, '/');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await shootAll(page, 'inbox');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await shoot(page, 'keys');
  await page.keyboard.press('Escape');
  for (const box of (await page.getByRole('checkbox').all()).slice(0, 3)) await box.check();
  await page.getByRole('button', { name: 'Decide the ticked ones together' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /Decide/ })).toBeVisible();
  await shoot(page, 'decide');
});

test('a decision, and what happens to it meanwhile', async ({ page, newPerson }) => {
  const [ben, mei] = [await newPerson(), await newPerson()];
  await signIn(ben, 'ben');
  await signIn(mei, 'mei');
  const path = await ask(ben, RELEASE);
  await approve(mei, path, 'Staging ran clean for two days. The rollback is rehearsed.');
  await signIn(page, 'carla');
  await open(page, path);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await shootAll(page, 'decision');

  const other = await ask(ben, {
    ...RELEASE,
    goal: 'Deploy search 9.4.0 to production: spelling in Finnish and Estonian',
    plan: '{\n  "service": "search",\n  "version": "9.4.0"\n}',
  });
  await open(page, other);
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await page.getByLabel('Comment (optional)').fill('The canary looked good to me this morning.');
  await approve(mei, other);
  await expect(page.locator('.changed')).toContainText('Mei-Ling Zhao');
  await shoot(page, 'decision-changed');
});

test('writing a request and a template', async ({ page }) => {
  await signIn(page, 'grace');
  await open(page, '/requests/new?template=prod-deploy&mode=apply');
  await page.getByLabel('Goal').fill('Deploy search 9.4.0 to production: spelling in Finnish and Estonian');
  await page.getByLabel('Plan (optional)').fill('{\n  "service": "search",\n  "version": "9.4.0"\n}');
  await expect(page.getByRole('region', { name: 'What it will take' })).toContainText('approvers');
  await page.getByRole('heading', { level: 1 }).click();
  await shoot(page, 'new-request');
  await open(page, '/templates/new?copy=prod-deploy');
  await page.getByLabel('Approvals needed').fill('12');
  await page.getByRole('heading', { level: 1 }).click();
  await expect(page.getByText(/people have the role today|have the role today/).first()).toBeVisible();
  await shoot(page, 'new-template');
});

test('the auditor’s pages', async ({ page, newPerson }) => {
  await signIn(page, 'alice');
  await open(page, '/audit?state=completed');
  await shoot(page, 'audit');
  await open(page, '/overview');
  await shoot(page, 'overview');
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const rehearsal = await ask(ben, { goal: 'Rehearse the restore of the orders database' });
  await approve(page, rehearsal);
  await post(ben, '/api/execute', { ...(await bound(ben, rehearsal)), adapter: 'simulate' });
  const file = await (await ben.request.get(`${rehearsal}/package.json?mode=embedded`)).text();
  const [good, altered] = [file, file.replaceAll('Rehearse the restore', 'Rehearse the removal')];
  await open(page, '/verify');
  await page.getByLabel('Choose files, or drop them here').setInputFiles(
    Object.entries({ 'audit-package.json': good, 'from-a-mail.json': altered }).map(([name, text]) => ({
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    })),
  );
  await expect(page.getByRole('status')).toContainText('1 of 2 verified');
  await page.getByRole('status').scrollIntoViewIfNeeded();
  await page.evaluate(() => window.scrollBy(0, 420));
  await shoot(page, 'verify');
});
