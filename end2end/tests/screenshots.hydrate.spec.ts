//! Pictures for the documentation, of the running demo. Only with SCREENSHOTS=1: see `playwright.config.ts`.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures';
import { approve, ask, bound, open, post, signIn } from './persons';

const FOLDER = join(fileURLToPath(import.meta.url), '../../../docs/screenshots');

test('pictures', async ({ page, newPerson }) => {
  test.setTimeout(120_000);
  const shoot = async (name: string) => {
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
  };
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });

  await signIn(page, 'carla');
  await open(page, '/');
  await shoot('inbox');

  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, {
    goal: 'Deploy checkout 7.1.0 to production: pay by bank transfer in all shops',
    plan: '{\n  "service": "checkout",\n  "version": "7.1.0"\n}',
    template: 'prod-deploy',
    mode: 'apply',
    labels: 'checkout, release',
  });
  const mei = await newPerson();
  await signIn(mei, 'mei');
  await approve(mei, path, 'Staging ran clean for two days. The rollback is rehearsed.');
  await open(page, path);
  await shoot('decision');
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await shoot('decision-dark');
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot('decision-phone');
  await page.setViewportSize({ width: 1280, height: 800 });

  await signIn(page, 'grace');
  await open(page, '/requests/new?template=prod-deploy&mode=apply');
  await page.getByLabel('Goal').fill('Deploy search 9.4.0 to production: spelling in Finnish and Estonian');
  await page.getByLabel('Plan (optional)').fill('{\n  "service": "search",\n  "version": "9.4.0"\n}');
  await expect(page.getByRole('region', { name: 'What it will take' })).toContainText('approvers');
  await page.getByRole('heading', { level: 1 }).click();
  await shoot('new-request');

  const rehearsal = await ask(ben, { goal: 'Rehearse the restore of the orders database' });
  await signIn(mei, 'mei');
  await approve(mei, rehearsal);
  await post(ben, '/api/execute', { ...(await bound(ben, rehearsal)), adapter: 'simulate' });
  const file = await (await ben.request.get(`${rehearsal}/package.json?mode=embedded`)).body();
  await open(page, '/verify');
  await page.getByLabel('Choose files, or drop them here').setInputFiles({ name: 'audit-package.json', mimeType: 'application/json', buffer: file });
  await expect(page.getByRole('status')).toHaveText('1 of 1 verified.');
  await shoot('verify');
});
