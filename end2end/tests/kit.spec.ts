//! What all pages share: where the focus goes, what is announced, how time is told, and how pages stand on paper, on a
//! small screen, in forced colours and at twice the size.

import { expect, test } from './fixtures';
import { alive, open, scripted, signIn } from './persons';
import { routes } from './routes';

const MINUTE = 60_000;

test('after going to another page the focus is on its heading, and its title is said once', async ({ page }) => {
  test.skip(!scripted(), 'without scripts the browser itself does this');
  await signIn(page, 'grace');
  await open(page, '/');
  // The first page keeps the browser's own focus, and says nothing by itself.
  await expect(page.locator('#announcer')).toHaveText('');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
  await page.evaluate(() => {
    const said: string[] = [];
    const line = document.getElementById('announcer');
    new MutationObserver(() => said.push(line?.textContent ?? '')).observe(line as Node, { childList: true, characterData: true, subtree: true });
    Object.assign(window, { said });
  });
  const menu = page.getByRole('navigation', { name: 'Main' });
  await menu.getByRole('link', { name: 'Decisions', exact: true }).click();
  const heading = page.getByRole('heading', { level: 1, name: 'Decisions' });
  await expect(heading).toBeFocused();
  await menu.getByRole('link', { name: 'New request' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'New request' })).toBeFocused();
  await page.goBack();
  await expect(heading).toBeFocused();
  expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual(['Decisions', 'New request', 'Decisions']);
});

test('an address that is not alive is loaded as a whole page, with or without a hint', async ({ page }) => {
  await signIn(page, 'alice');
  await open(page, '/');
  // As a link that forgot to say so.
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = '/templates?label=none';
    link.textContent = 'Without a hint';
    document.querySelector('main')?.append(link);
  }).catch(() => undefined);
  if (scripted()) {
    await page.getByRole('link', { name: 'Without a hint' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible();
    await expect(page).toHaveURL(/\/templates\?label=none$/);
    await expect(page.locator('script')).toHaveCount(0);
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
    await alive(page);
  }
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Templates' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible();
});

test('a page that is not there is a plain one with a way out', async ({ page, complaints }) => {
  complaints.expect(/404/);
  await signIn(page, 'alice');
  const answer = await page.goto('/nothing/here');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible();
  await expect(page.locator('script')).toHaveCount(0);
  await page.getByRole('link', { name: 'All decisions' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Decisions' })).toBeVisible();
});

test('times tick with one clock, and are right after a sleep', async ({ page }) => {
  await signIn(page, 'alice');
  if (!scripted()) {
    await open(page, '/decisions');
    const time = page.locator('main time[data-at]').first();
    await expect(time).toHaveAttribute('title', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    // Nothing ticks: the absolute time stands beside the words.
    expect(await time.evaluate((one) => getComputedStyle(one, '::after').content)).toContain('UTC');
    return;
  }
  await page.clock.install();
  await open(page, '/decisions');
  const time = page.locator('main time[data-at]').first();
  const at = Number(await time.getAttribute('data-at')) / 1000;
  await expect(time).toHaveAttribute('title', /UTC\n.* where you are$/);
  await expect(time).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
  // To the moment itself, then on.
  await page.clock.setFixedTime(at + 5_000);
  await page.clock.runFor(2_000);
  await expect(time).toHaveText('just now');
  await page.clock.setFixedTime(at + 30_000);
  await page.clock.runFor(2_000);
  await expect(time).toHaveText('30 seconds ago');
  await page.clock.setFixedTime(at + 3 * MINUTE);
  await page.clock.runFor(2_000);
  await expect(time).toHaveText('3 minutes ago');
  // A sleep: no timer ran, and the page is looked at again.
  await page.clock.setFixedTime(at + 5 * 60 * MINUTE);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(time).toHaveText('5 hours ago');
});

test('on paper there is the record and nothing to press', async ({ page, newPerson }) => {
  const finder = await newPerson();
  await signIn(finder, 'alice');
  const all = await routes(finder);
  await signIn(page, 'alice');
  for (const path of [all.alice.find((route) => route.path.startsWith('/decisions/'))?.path ?? '', '/audit']) {
    await open(page, path);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await expect(page.getByRole('heading', { level: 1 }), path).toBeVisible();
    await expect(page.getByRole('banner'), path).toBeHidden();
    await expect(page.getByRole('contentinfo'), path).toBeHidden();
    for (const button of await page.locator('button').all()) await expect(button).toBeHidden();
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(ground, path).toBe('rgb(255, 255, 255)');
    const ink = await page.locator('h1').evaluate((one) => getComputedStyle(one).color);
    expect(ink, path).toBe('rgb(27, 35, 39)');
    const link = page.locator('main a[href^="/"]:not(.button):visible').first();
    if ((await link.count()) > 0) {
      expect(await link.evaluate((one) => getComputedStyle(one, '::after').content), path).toContain('/');
    }
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  }
});

test('in forced colours a state still has its edges and its words', async ({ page }) => {
  await signIn(page, 'alice');
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, '/styleguide');
  const badge = page.locator('.badge', { hasText: 'Waiting for approval' }).first();
  await expect(badge).toBeVisible();
  expect(await badge.evaluate((one) => getComputedStyle(one).borderTopWidth)).toBe('1px');
  const taken = page.locator('.seat.taken').first();
  const free = page.locator('.seat:not(.taken)').first();
  const ground = (one: Element) => getComputedStyle(one).backgroundColor;
  expect(await taken.evaluate(ground)).not.toBe(await free.evaluate(ground));
});

test('no page scrolls sideways at 320 px, nor at twice the size on a laptop', async ({ page, newPerson }) => {
  test.setTimeout(120_000);
  const finder = await newPerson();
  await signIn(finder, 'alice');
  const all = await routes(finder);
  const sideways: string[] = [];
  // A laptop of 1280 px whose reader has zoomed to 200 % is 640 wide; with 400 % it is 320.
  for (const width of [320, 640]) {
    await page.setViewportSize({ width, height: 512 });
    for (const who of ['alice', 'grace'] as const) {
      await signIn(page, who);
      for (const { path } of all[who]) {
        await open(page, path);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (over > 0) sideways.push(`${path} at ${width}: ${over} px`);
      }
    }
  }
  expect(sideways).toEqual([]);
});

test('the navigation is there without a menu to open, and its targets are large enough for a finger', async ({ browser, server }) => {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true, baseURL: server.url });
  const page = await context.newPage();
  await signIn(page, 'alice');
  await open(page, '/');
  const menu = page.getByRole('navigation', { name: 'Main' });
  for (const name of ['Inbox', 'Decisions', 'Templates', 'Audit', 'Verify']) {
    const link = menu.getByRole('link', { name });
    await expect(link).toBeVisible();
    expect((await link.boundingBox())?.height, name).toBeGreaterThanOrEqual(44);
  }
  await context.close();
});

test('the gallery is there in the demo and shows every state', async ({ page }) => {
  await signIn(page, 'alice');
  await open(page, '/styleguide');
  await expect(page.getByRole('heading', { level: 1, name: 'Style guide' })).toBeVisible();
  await expect(page.locator('script')).toHaveCount(0);
  for (const word of ['Draft', 'Waiting for approval', 'Approved', 'Running', 'Completed', 'Failed', 'Rejected', 'Withdrawn']) {
    await expect(page.locator('.badge', { hasText: word })).toHaveCount(2);
  }
  await expect(page.getByText('2 of 3 approvals, one more needed').first()).toBeVisible();
});
