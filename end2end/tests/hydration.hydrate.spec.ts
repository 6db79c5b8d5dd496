//! Every page comes alive however it is reached: loaded by hand, by a link, and by going back. The fixtures fail a
//! test as soon as the console holds an error, and hydration says there what it does not like.

import { expect, test } from './fixtures';
import { alive, open, signIn } from './persons';
import { routes, type Route } from './routes';
import type { Page } from '@playwright/test';

async function there(page: Page, route: Route): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: route.heading }).first(), route.path).toBeVisible();
  if (route.plain && !route.own) await expect(page.locator('script'), route.path).toHaveCount(0);
  else await expect(page.locator('html'), route.path).toHaveAttribute('data-hydrated', '1');
}

/** Follows a link of the page, as the router does it; the mark shows that the document stayed. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    const link = document.createElement('a');
    link.href = to;
    document.querySelector('main')?.append(link);
    link.click();
    link.remove();
  }, path);
}

for (const who of ['alice', 'grace', 'nobody'] as const) {
  test(`every page of ${who} comes alive when it is loaded`, async ({ page, newPerson }) => {
    test.setTimeout(90_000);
    const finder = await newPerson();
    await signIn(finder, 'alice');
    if (who !== 'nobody') await signIn(page, who);
    for (const route of (await routes(finder))[who]) {
      await open(page, route.path);
      await there(page, route);
    }
  });

  test(`every page of ${who} is there by a link and by going back`, async ({ page, newPerson, complaints }) => {
    // The header asks who reads; for a stranger the answer is no.
    if (who === 'nobody') complaints.expect(/401 .*\/api\/load/);
    test.setTimeout(90_000);
    const finder = await newPerson();
    await signIn(finder, 'alice');
    if (who !== 'nobody') await signIn(page, who);
    const all = (await routes(finder))[who].filter((route) => !route.plain);
    await open(page, who === 'nobody' ? '/sign-in' : '/decisions');
    await page.evaluate(() => ((window as unknown as { stayed: boolean }).stayed = true));
    for (const route of all) {
      await follow(page, route.path);
      await there(page, route);
      const { pathname, search } = new URL(page.url());
      expect(pathname + search).toBe(route.path);
    }
    for (const route of all.slice(0, -1).reverse()) {
      await page.goBack();
      await there(page, route);
    }
    expect(await page.evaluate(() => (window as unknown as { stayed?: boolean }).stayed), 'the document was not loaded anew').toBe(true);
  });
}

test('a page that is not there needs no script, and leads on', async ({ page, complaints }) => {
  complaints.expect(/404/);
  await open(page, '/nothing/here');
  await expect(page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible();
  await expect(page.locator('script')).toHaveCount(0);
  await page.getByRole('link', { name: 'All decisions' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
});

test('what is typed before the page is alive is not lost', async ({ page }) => {
  await signIn(page, 'grace');
  // The browser's half arrives late, as on a slow line.
  let release = () => {};
  const late = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/*.wasm', async (route) => {
    await late;
    await route.continue();
  });
  await page.goto('/requests/new', { waitUntil: 'commit' });
  await page.getByLabel('Goal').fill('Typed early');
  await page.getByLabel('Mode').selectOption('apply');
  await page.getByText('Policy of this request').click();
  await page.getByLabel('Approvals needed').fill('3');
  release();
  await alive(page);
  await expect(page.getByLabel('Goal')).toHaveValue('Typed early');
  await expect(page.getByLabel('Mode')).toHaveValue('apply');
  await expect(page.getByLabel('Approvals needed')).toHaveValue('3');
  // What the page tells follows what stands in the fields, not what stood there before.
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByRole('region', { name: 'What it will take' })).toContainText('Any 3 approvers');
});

test('the panel of a new request follows the form by itself', async ({ page }) => {
  await signIn(page, 'grace');
  await open(page, '/requests/new');
  const takes = page.getByRole('region', { name: 'What it will take' });
  await expect(takes).toContainText('Any 1 approver other than the requester');
  await page.getByText('Policy of this request').click();
  await page.getByLabel('Approvals needed').fill('30');
  await expect(takes).toContainText('Any 30 approvers');
  await expect(takes).toContainText('It needs 30 approvers other than you;');
  await page.getByLabel('Mode').selectOption('apply');
  // The workspace's default follows the mode that is asked for; a policy that says otherwise is warned about.
  await page.getByLabel('What may run').selectOption('Dry runs only');
  await expect(takes).toContainText('The policy does not allow a real run');
  await page.getByLabel('What may run').selectOption('Real runs only');
  await expect(takes).not.toContainText('The policy does not allow');
  await page.getByLabel('Policy template').selectOption('prod-deploy');
  await expect(takes).toContainText('adapter must have: deploy');
  await page.getByLabel('Goal').fill('Nothing is lost while the panel changes');
  await page.getByLabel('Approvals needed').fill('2');
  await expect(takes).toContainText('Any 2 approvers');
  await expect(page.getByLabel('Goal')).toHaveValue('Nothing is lost while the panel changes');
});
