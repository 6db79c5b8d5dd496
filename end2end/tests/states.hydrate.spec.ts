//! axe on what a page becomes while it is used: news, dialogs, refusals, notices, what is offline, still or empty. Pages
//! as they are opened are for `a11y.hydrate.spec.ts`, files that were checked for `verify.hydrate.spec.ts`.

import type { Page } from '@playwright/test';
import { faultsOfState } from './axe';
import { expect, test } from './fixtures';
import { approve, ask, bound, open, post, signIn, unique } from './persons';

test.describe.configure({ mode: 'parallel', timeout: 90_000 });

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource/));

/** Ben's browser, and decisions of his that wait for others. */
async function waiting(newPerson: () => Promise<Page>, goals: string[], approvals = 1): Promise<[Page, string[]]> {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const paths: string[] = [];
  for (const goal of goals) paths.push(await ask(ben, { goal: unique(goal), approvals, plan: `run ${goal}` }));
  return [ben, paths];
}

test('the inbox with news, with the list of keys, offline, and with nothing to decide', async ({ page, context, newPerson }) => {
  await signIn(page, 'carla');
  await open(page, '/');
  await expect(page.locator('[data-link="live"]')).toBeVisible();
  const [ben] = await waiting(newPerson, ['Turn up while somebody looks']);
  const found = await faultsOfState(page, 'news', page.locator('.news'));
  await page.keyboard.press('?');
  found.push(...(await faultsOfState(page, 'keys', page.getByRole('dialog', { name: 'Keys' }))));
  await page.keyboard.press('Escape');
  await context.setOffline(true);
  found.push(...(await faultsOfState(page, 'offline', page.locator('.link-state', { hasText: 'You are offline.' }))));
  await context.setOffline(false);
  await open(ben, '/?tab=mine');
  found.push(...(await faultsOfState(ben, 'nothing to decide', ben.locator('main .empty'))));
  expect(found).toEqual([]);
});

test('a decision with a refused rejection, changed meanwhile, and recorded', async ({ page, newPerson }) => {
  const [, [path = '']] = await waiting(newPerson, ['Paint the gate'], 2);
  await signIn(page, 'carla');
  await open(page, `${path}?act=reject`);
  await page.getByLabel('Reason', { exact: true }).fill(' ');
  await page.getByRole('button', { name: 'Reject for good' }).click();
  const found = await faultsOfState(page, 'refused rejection', page.getByRole('alert').filter({ hasText: 'Nothing was recorded.' }));
  const mei = await newPerson();
  await signIn(mei, 'mei');
  await approve(mei, path);
  const verb = page.getByRole('button', { name: 'Approve', exact: true });
  await expect(page.locator('.changed')).toBeVisible();
  await expect(verb).toBeDisabled();
  found.push(...(await faultsOfState(page, 'changed meanwhile', page.locator('.changed'))));
  await page.getByRole('button', { name: 'Show it as it is now' }).click();
  await verb.click();
  found.push(...(await faultsOfState(page, 'recorded', page.getByRole('region', { name: 'Recorded' }))));
  expect(found).toEqual([]);
});

test('forms that were refused, with the list of what is wrong', async ({ page }) => {
  await signIn(page, 'grace');
  const found: string[] = [];
  for (const [path, name, typed, verb] of [
    ['/requests/new', 'Goal', ' ', 'Ask for approval'],
    ['/templates/new', 'Name', 'prod-deploy', 'Save for good'],
  ] as const) {
    await open(page, path);
    // What a browser lets through and the product does not.
    const field = page.getByLabel(name);
    await field.fill(typed);
    await page.getByRole('button', { name: verb }).click();
    const summary = page.getByRole('alert').filter({ hasText: 'Nothing was recorded.' });
    await expect(summary).toBeFocused();
    await expect(field).toHaveAccessibleDescription(/\w/);
    found.push(...(await faultsOfState(page, path, summary)));
    await summary.getByRole('link').first().press('Enter');
    await expect(field).toBeFocused();
  }
  expect(found).toEqual([]);
});

test('several at once, what came of it, and why not', async ({ page, newPerson }) => {
  const [ben, paths] = await waiting(newPerson, ['Sweep the yard', 'Sweep the hall']);
  await signIn(page, 'carla');
  await open(page, `/decide?${paths.map((path) => `id=${path.split('/').pop()}`).join('&')}`);
  const found = await faultsOfState(page, 'several', page.getByRole('heading', { level: 1, name: 'Decide several' }));
  for (const tick of await page.getByRole('checkbox').all()) await tick.check();
  await page.getByRole('button', { name: 'Reject the ticked ones' }).click();
  found.push(...(await faultsOfState(page, 'several, refused', page.getByRole('alert').filter({ hasText: 'Write why you reject' }))));
  await post(ben, '/api/withdraw', await bound(ben, paths[0] ?? ''));
  await page.getByRole('button', { name: 'Approve the ticked ones' }).click();
  found.push(...(await faultsOfState(page, 'several, decided', page.getByRole('heading', { level: 1, name: '1 approved, 1 not' }))));
  expect(found).toEqual([]);
});
