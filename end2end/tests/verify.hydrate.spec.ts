//! The verify page: a file is checked in the browser, every check is shown, and nothing leaves the machine.

import { expect, test } from './fixtures';
import { approve, ask, bound, open, post, signIn, unique } from './persons';
import type { Page } from '@playwright/test';

async function evidence(page: Page, newPerson: () => Promise<Page>): Promise<Record<string, string>> {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Rehearse the restore') });
  await signIn(page, 'carla');
  await approve(page, path);
  const went = await post(ben, '/api/execute', { ...(await bound(ben, path)), adapter: 'simulate' });
  expect(went).toBe(path);
  const files: Record<string, string> = {};
  for (const name of ['bundle.json', 'package.json?mode=reference', 'package.json?mode=embedded']) {
    const answer = await page.request.get(`${path}/${name}`);
    expect(answer.status(), name).toBe(200);
    files[name] = await answer.text();
  }
  return files;
}

/** Opens the page and notes every request from then on. */
async function quietly(page: Page): Promise<string[]> {
  await open(page, '/verify');
  await page.waitForLoadState('networkidle');
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.method()} ${request.url()}`));
  return sent;
}

async function choose(page: Page, name: string, text: string): Promise<void> {
  await page.getByLabel('Choose a file, or drop it here').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

test('whole files hold, check by check, and nothing is sent', async ({ page, newPerson, browser }) => {
  const files = await evidence(page, newPerson);
  // Without an account: anyone can.
  const stranger = await (await browser.newContext()).newPage();
  const sent = await quietly(stranger);
  const count: Record<string, number> = { 'bundle.json': 3, 'package.json?mode=reference': 4, 'package.json?mode=embedded': 6 };
  for (const [name, text] of Object.entries(files)) {
    const file = `${name.replace(/\W+/g, '-')}.json`;
    await choose(stranger, file, text);
    const status = stranger.getByRole('status');
    await expect(status).toContainText(file);
    await expect(status.getByRole('heading', { name: 'Every check holds' })).toBeVisible();
    const checks = status.getByRole('region', { name: 'The checks, one by one' }).getByRole('listitem');
    expect(await checks.count(), name).toBeGreaterThanOrEqual(count[name] ?? 1);
    expect(await checks.filter({ hasText: 'does not hold' }).count()).toBe(0);
    for (const check of await checks.all()) await expect(check.getByRole('heading')).toContainText('holds');
  }
  expect(sent).toEqual([]);
  await stranger.context().close();
});

test('an edited file fails, with what was expected and what was found, and nothing is sent', async ({ page, newPerson }) => {
  const files = await evidence(page, newPerson);
  const sent = await quietly(page);
  for (const [name, text] of Object.entries(files)) {
    const file = `edited-${name.replace(/\W+/g, '-')}.json`;
    await choose(page, file, text.replaceAll('Rehearse the restore', 'Rehearse the removal'));
    const status = page.getByRole('status');
    await expect(status).toContainText(file);
    await expect(status.getByRole('heading', { name: 'It does not hold' })).toBeVisible();
    const failed = status.getByRole('region', { name: 'The checks, one by one' }).getByRole('listitem').filter({ hasText: 'does not hold' });
    expect(await failed.count(), name).toBeGreaterThan(0);
    const pair = failed.first();
    const value = async (term: string) => (await pair.getByRole('definition').nth(['Check', 'Expected', 'Found'].indexOf(term)).textContent()) ?? '';
    await expect(pair.getByText('Expected', { exact: true })).toBeVisible();
    expect(await value('Expected')).not.toBe('');
    expect(await value('Found')).not.toBe('');
    expect(await value('Expected')).not.toBe(await value('Found'));
  }
  expect(sent).toEqual([]);
});

test('a file can be dropped', async ({ page, newPerson }) => {
  const files = await evidence(page, newPerson);
  const sent = await quietly(page);
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'dropped.json', { type: 'application/json' }));
    return data;
  }, files['bundle.json'] ?? '');
  const zone = page.getByRole('region', { name: 'In this browser' });
  await zone.dispatchEvent('dragover', { dataTransfer: transfer });
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.getByRole('status')).toContainText('dropped.json');
  await expect(page.getByRole('heading', { name: 'Every check holds' })).toBeVisible();
  expect(sent).toEqual([]);
});

test('what is no such file gets a clear answer', async ({ page }) => {
  await signIn(page, 'erin');
  const sent = await quietly(page);
  for (const [name, text] of [
    ['shopping.txt', 'milk, eggs'],
    ['empty.json', ''],
    ['half.json', '{"schema": "'],
    ['other.json', '{"hello": "world"}'],
    ['list.json', '[1, 2, 3]'],
    ['deep.json', '['.repeat(100_000)],
    ['"><img src=x onerror=window.hit=1>.json', 'null'],
  ] as const) {
    await choose(page, name, text);
    const status = page.getByRole('status');
    await expect(status).toContainText(name);
    await expect(status.getByRole('heading', { name: 'This could not be verified' })).toBeVisible();
    await expect(status).toContainText('Nothing is said about whether it was changed.');
  }
  expect(sent).toEqual([]);
});
