//! The overview: figures that a scene made by hand changes exactly, tables behind charts, a span in the address, and
//! words where there is nothing. It reads what stands on the page; times of deciding are those of a quick test.

import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { approve, ask, bound, open, post, signIn, unique } from './persons';

/** The cells of a row of the table behind a chart, by the heads of its columns. */
async function figures(page: Page, table: string, row: string): Promise<Record<string, number>> {
  const behind = page.getByRole('table', { name: table, includeHidden: true });
  if ((await behind.count()) === 0) return {};
  const heads = await behind.locator('thead th').allTextContents();
  const line = behind.locator('tbody tr').filter({ has: page.locator('th', { hasText: row }) });
  if ((await line.count()) === 0) return {};
  const cells = await line.first().locator('th, td').allTextContents();
  return Object.fromEntries(heads.map((head, at) => [head, Number((cells[at] ?? '').replaceAll(',', ''))]));
}

/** What the page says of this month, of open work and of one approver. */
async function seen(page: Page, approver: string) {
  await open(page, '/overview?days=30');
  const now = new Date();
  const month = now.toLocaleString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const times = await figures(page, 'Time to decision by month', month);
  const rejections = await figures(page, 'Rejections by month', month);
  const runs = await figures(page, 'Runs by month', month);
  const people = await figures(page, 'Approvals by person and month', approver);
  const state = async (name: RegExp) => {
    const row = page.getByRole('table', { name: /^Open decisions by state/ }).getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
    return Number(await row.getByRole('cell').textContent());
  };
  return {
    asked: times['Asked for'] ?? 0,
    decided: times['Decided'] ?? 0,
    rejected: rejections['Rejections'] ?? 0,
    rehearsed: runs['Rehearsed, well'] ?? 0,
    failed: runs['Real, failed'] ?? 0,
    approvals: people['All'] ?? 0,
    pending: await state(/Waiting for approval/),
    approved: await state(/Approved/),
  };
}

test('the figures are what people did', async ({ page, newPerson }) => {
  test.setTimeout(90_000);
  await signIn(page, 'noor');
  const before = await seen(page, 'Carla');
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const carla = await newPerson();
  await signIn(carla, 'carla');
  const approved = await ask(ben, { goal: unique('approved'), approvals: 1 });
  await approve(carla, approved);
  const ran = await ask(ben, { goal: unique('rehearsed'), approvals: 1 });
  await approve(carla, ran);
  await post(ben, '/api/execute', { ...(await bound(ben, ran)), adapter: 'simulate' });
  const goal = unique('rejected');
  const rejected = await ask(ben, { goal, approvals: 1 });
  await post(carla, '/api/reject', { ...(await bound(carla, rejected)), reason: 'Not on a Friday,\nsays “the rule”.' });
  await ask(ben, { goal: unique('pending'), approvals: 2 });
  await expect
    .poll(async () => (await seen(page, 'Carla')).rehearsed - before.rehearsed, { timeout: 15_000 })
    .toBe(1);
  const after = await seen(page, 'Carla');
  const change = Object.fromEntries(Object.entries(after).map(([name, number]) => [name, number - before[name as keyof typeof before]]));
  expect(change).toEqual({ asked: 4, decided: 3, rejected: 1, rehearsed: 1, failed: 0, approvals: 2, pending: 1, approved: 1 });

  const why = page.getByRole('region', { name: 'Rejections and why' });
  const quote = why.getByRole('listitem').first();
  await expect(quote.getByRole('blockquote')).toHaveText('Not on a Friday,\nsays “the rule”.');
  await expect(quote.getByText(/^Carla .*rejected/)).toBeVisible();
  await quote.getByRole('link', { name: goal }).click();
  await expect(page).toHaveURL(new RegExp(`${rejected}$`));
});

test('every chart has a name, its values in words, and a table behind it', async ({ page }) => {
  await signIn(page, 'erin');
  await open(page, '/overview');
  const charts = page.getByRole('main').locator('svg.bars');
  expect(await charts.count()).toBeGreaterThan(2);
  for (const chart of await charts.all()) {
    const name = (await chart.locator('title').textContent()) ?? '';
    await expect(page.getByRole('img', { name, exact: true })).toBeVisible();
    expect(((await chart.locator('desc').textContent()) ?? '').length).toBeGreaterThan(20);
    const words = await chart.locator('text.value').allTextContents();
    expect(words.length).toBeGreaterThan(0);
    expect(words.join('')).not.toMatch(/NaN|Infinity|undefined/);
  }
  for (const behind of await page.locator('details.behind').all()) {
    await expect(behind.getByRole('table')).toHaveCount(0);
    await behind.locator('summary').click();
    await expect(behind.getByRole('table')).toBeVisible();
  }
  // Nothing in a bar needs a style of its own: the content policy would have stopped it.
  expect(await page.locator('main [style]').count()).toBe(0);
});

test('the span stands in the address, and what is none is the usual one', async ({ page }) => {
  test.setTimeout(60_000);
  await signIn(page, 'erin');
  await open(page, '/overview');
  const days = page.getByLabel('The last');
  await expect(days).toHaveValue('180');
  // The span in words; a browser that goes back keeps what was chosen in the form, and the page what it shows.
  const dates = ((await page.getByText('Days and months are those of UTC').textContent()) ?? '').split('.')[0] ?? '';
  await days.selectOption('30');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/\/overview\?days=30$/);
  await expect(page.getByLabel('The last')).toHaveValue('30');
  await expect(page.getByText('Days and months are those of UTC')).toBeVisible();
  await expect(page.getByText(dates)).toHaveCount(0);
  await page.goBack();
  await expect(page).toHaveURL(/\/overview$/);
  await expect(page.getByText(dates)).toBeVisible();
  for (const odd of ['0', '-1', '31', '999999999999999999999', 'x%00']) {
    expect((await page.goto(`/overview?days=${odd}`))?.status(), odd).toBe(200);
    await expect(page.getByLabel('The last'), odd).toHaveValue('180');
  }
});

test('an empty workspace says so in words', async ({ page }) => {
  await signIn(page, 'alice');
  await open(page, '/settings');
  const name = unique('Nothing Yet');
  await page.getByRole('region', { name: 'Another workspace' }).getByLabel('Its name').fill(name);
  await page.getByRole('button', { name: 'Make the workspace' }).click();
  await page.locator('details.account > summary').click();
  await page.getByLabel('Other workspaces').selectOption({ label: name });
  await page.getByRole('button', { name: 'Go there' }).click();
  await expect(page.getByRole('banner').getByText(name)).toBeVisible();
  await open(page, '/overview');
  await expect(page.getByText('Nothing is open.')).toBeVisible();
  await expect(page.getByText('Nothing happened in this time.')).toBeVisible();
  await expect(page.locator('main svg.bars')).toHaveCount(0);
  // Who asked for something and got no answer is told apart from nothing at all.
  const path = await ask(page, { goal: 'The first', approvals: 1 });
  await open(page, '/overview');
  const work = page.getByRole('region', { name: 'Open work' });
  await expect(work).toContainText('Waiting longest, for under a minute');
  await expect(work.getByRole('link', { name: 'The first' })).toHaveAttribute('href', path);
  await expect(page.getByText('Nothing was decided in this time.')).toBeVisible();
  await expect(page.getByText('Nobody approved anything in this time.')).toBeVisible();
  await expect(page.getByText('Nothing was rejected in this time.')).toBeVisible();
  await expect(page.getByText('Nothing ran in this time.')).toBeVisible();
});

test('the overview is not for everybody, and the menu knows it', async ({ page, complaints }) => {
  complaints.expect(/403/);
  await signIn(page, 'ben');
  expect((await page.goto('/overview'))?.status()).toBe(403);
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview', includeHidden: true })).toHaveCount(0);
  await signIn(page, 'noor');
  await open(page, '/');
  await page.getByRole('navigation', { name: 'Main' }).getByText('Admin', { exact: true }).click();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
});

test('a narrow screen and paper have it all', async ({ page }) => {
  await signIn(page, 'erin');
  await page.setViewportSize({ width: 320, height: 720 });
  await open(page, '/overview?days=365');
  const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await sideways()).toBe(0);
  for (const summary of await page.locator('details.behind > summary').all()) await summary.click();
  expect(await sideways()).toBe(0);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Show' })).toBeHidden();
  await expect(page.getByRole('table').first()).toBeVisible();
});
