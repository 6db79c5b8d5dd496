//! Single keys: each does what the list of keys says, none while somebody types or where the reader switched them off,
//! and none decides anything. And what is new in the inbox moves nothing until the reader wants it.

import { expect, test } from './fixtures';
import { alive, ask, open, signIn, unique } from './persons';
import type { Page } from '@playwright/test';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/(api|live)/));

const row = (page: Page, at: number) => page.getByRole('rowheader').nth(at).getByRole('link');

test('j and k go through the rows, x ticks one, Enter opens it', async ({ page }) => {
  await signIn(page, 'carla');
  await open(page, '/');
  await page.keyboard.press('j');
  await expect(row(page, 0)).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(row(page, 2)).toBeFocused();
  await page.keyboard.press('k');
  await expect(row(page, 1)).toBeFocused();
  const tick = page.getByRole('row').nth(2).getByRole('checkbox');
  await page.keyboard.press('x');
  await expect(tick).toBeChecked();
  await page.keyboard.press('x');
  await expect(tick).not.toBeChecked();
  await expect(row(page, 1)).toBeFocused();
  const goal = (await row(page, 1).textContent()) ?? '';
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(goal.slice(0, 40));
});

test('a and r open the form and decide nothing', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const goal = unique('Opened by a key');
  const path = await ask(ben, { goal });
  await signIn(page, 'carla');
  for (const [key, act] of [['a', 'approve'], ['r', 'reject']] as const) {
    await open(page, `/decisions?text=${encodeURIComponent(goal)}`);
    await page.keyboard.press('j');
    await expect(row(page, 0)).toBeFocused();
    await page.keyboard.press(key);
    await expect(page).toHaveURL(new RegExp(`${path}\\?act=${act}$`));
  }
  await open(page, path);
  await expect(page.getByText('Waiting for approval').first()).toBeVisible();
  await page.keyboard.press('a');
  await expect(page).toHaveURL(/\?act=approve$/);
});

test('two keys go to a page, n asks, / searches', async ({ page }) => {
  await signIn(page, 'alice');
  await open(page, '/');
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(page.getByRole('heading', { level: 1, name: 'Decisions' })).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByLabel('Words or id')).toBeFocused();
  // In a field, keys are letters.
  await page.keyboard.type('jgi?n/x');
  await expect(page.getByLabel('Words or id')).toHaveValue('jgi?n/x');
  await expect(page).toHaveURL(/\/decisions$/);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  // From a page without a search field to the one that has it.
  await page.keyboard.press('/');
  await expect(page.getByLabel('Words or id')).toBeFocused();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('n');
  await expect(page.getByRole('heading', { level: 1, name: 'New request' })).toBeVisible();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible();
});

test('? lists the keys, Esc ends it, and they can be switched off for good', async ({ page }) => {
  await signIn(page, 'carla');
  await open(page, '/');
  await page.keyboard.press('j');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await expect(help).toBeVisible();
  // While it is open, keys are its own.
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/\/$/);
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(row(page, 0)).toBeFocused();

  await page.getByRole('button', { name: 'Keys' }).click();
  await help.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Keys' })).toBeFocused();
  for (const key of ['j', '?', 'n', '/']) await page.keyboard.press(key);
  await expect(help).toBeHidden();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole('button', { name: 'Keys' })).toBeFocused();
  await open(page, '/decisions');
  await page.keyboard.press('j');
  await expect(row(page, 0)).not.toBeFocused();
  await page.getByRole('button', { name: 'Keys' }).click();
  await help.getByRole('checkbox').check();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await expect(row(page, 0)).toBeFocused();
});

test('no key does anything with a modifier held', async ({ page }) => {
  await signIn(page, 'alice');
  await open(page, '/');
  for (const key of ['Control+j', 'Alt+n', 'Meta+g', 'Control+a', 'Shift+j']) await page.keyboard.press(key);
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  await expect(row(page, 0)).not.toBeFocused();
});

test('what is new is announced and shown on demand, and nothing moves before', async ({ page, newPerson }) => {
  await signIn(page, 'carla');
  await open(page, '/');
  await expect(page.locator('[data-link="live"]')).toBeVisible();
  const before = await page.getByRole('rowheader').allTextContents();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  const here = await row(page, 1).getAttribute('href');
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const goal = unique('New while you look');
  await ask(ben, { goal, mode: 'apply' });
  await expect(page.locator('.news')).toContainText('1 new waiting');
  expect(await page.getByRole('rowheader').allTextContents()).toEqual(before);
  await page.getByRole('button', { name: 'Show them' }).click();
  await expect(page.locator('.news')).toHaveCount(0);
  await expect(page.locator(`main tr a[href="${here}"]`)).toBeFocused();
  await expect(page.getByRole('row').filter({ has: page.locator(`a[href="${here}"]`) }).getByRole('checkbox')).toBeChecked();
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(1);
  await alive(page);
});
