//! How a page that stays open says how its connection is: live, lost, offline, and well again; and that it gives the
//! connection back when nobody looks. Refuses a page that claims to be live and is not.

import { expect, test } from './fixtures';
import { open, signIn } from './persons';
import { emptyFolder, freePort, removeFolder, startServer, type Running } from './server';
import type { Locator, Page } from '@playwright/test';


function link(page: Page): Locator {
  return page.locator('.link-state');
}

/** How many streams the page has begun since now. */
function streams(page: Page): { count: () => number } {
  let count = 0;
  page.on('request', (request) => { if (new URL(request.url()).pathname === '/live' && request.method() === 'GET') count += 1; });
  return { count: () => count };
}

/** Makes the browser believe that another tab is in front of this one, or that none is. */
async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, hidden);
}

test('the inbox says that it is live, that it is offline, and that it is live again', async ({ page, context, complaints }) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource/);
  await signIn(page, 'carla');
  await open(page, '/');
  await expect(link(page)).toHaveText('Live');
  await context.setOffline(true);
  await expect(link(page)).toHaveText(/^You are offline\. What you see is from \d\d:\d\d UTC\.$/);
  await expect(page.locator('[aria-live=polite]', { hasText: 'You are offline.' })).toBeAttached();
  await context.setOffline(false);
  await expect(link(page)).toHaveText('Live', { timeout: 15_000 });
  await expect(page.locator('[aria-live=polite]', { hasText: 'Live again.' })).toBeAttached();
});

test('a page that nobody sees gives its connection back, and takes one when it is seen again', async ({ page }) => {
  test.slow();
  await signIn(page, 'carla');
  const begun = streams(page);
  await open(page, '/');
  await expect(link(page)).toHaveText('Live');
  expect(begun.count()).toBe(1);
  const closed = page.waitForEvent('requestfailed', (request) => new URL(request.url()).pathname === '/live');
  await hide(page, true);
  await closed;
  await page.waitForTimeout(2_000);
  expect(begun.count()).toBe(1);
  await hide(page, false);
  await expect.poll(begun.count).toBe(2);
  await expect(link(page)).toHaveText('Live');
});

test('two who look at one decision see each other, and one stream goes with the page', async ({ page, newPerson }) => {
  test.slow();
  await signIn(page, 'carla');
  await open(page, '/');
  await expect(link(page)).toHaveText('Live');
  const path = await page.locator('main a[href^="/decisions/"]').first().getAttribute('href');
  const left = page.waitForEvent('requestfailed', (request) => new URL(request.url()).pathname === '/live');
  await page.locator('main a[href^="/decisions/"]').first().click();
  await left;
  await expect(link(page)).toHaveText('Live');
  const dmitri = await newPerson();
  await signIn(dmitri, 'dmitri');
  await open(dmitri, path ?? '');
  await expect(page.locator('main')).toContainText(/Dmitri .*looking at this too/);
  await expect(dmitri.locator('main')).toContainText(/Carla .*looking at this too/);
});

test.describe('when the server goes', () => {
  test('a page says that the connection is lost, and comes back by itself', async ({ browser }) => {
    test.setTimeout(90_000);
    const folder = emptyFolder();
    const port = await freePort();
    let server: Running = await startServer(folder, ['serve', '--demo'], port);
    try {
      const page = await browser.newPage({ baseURL: server.url });
      await signIn(page, 'carla');
      await open(page, '/');
      await expect(link(page)).toHaveText('Live');
      await server.stop();
      await expect(link(page)).toHaveText(/^Connection lost\. Trying again…/, { timeout: 15_000 });
      server = await startServer(folder, ['serve', '--demo'], port);
      await expect(link(page)).toHaveText('Live', { timeout: 40_000 });
      await page.close();
    } finally {
      await server.stop();
      removeFolder(folder);
    }
  });
});
