//! The inbox: its tabs, what is first and why, empty lists, pages, and deciding several at once, each with an outcome
//! of its own. That nothing moves by itself is for `keys.hydrate.spec.ts`, which needs a script.

import { expect, test } from './fixtures';
import { alive, approve, ask, bound, open, post, signIn, unique } from './persons';
import type { Page } from '@playwright/test';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/(api|live|\?tab)/));

/** Goes through the pages of the shown tab until the goal is there; the number of rows with it. */
async function find(page: Page, goal: string): Promise<number> {
  const link = page.getByRole('table').getByRole('link', { name: goal, exact: true });
  const next = page.getByRole('link', { name: 'Next page' });
  while ((await link.count()) === 0 && (await next.count()) > 0) {
    const first = await page.getByRole('rowheader').first().textContent();
    await next.click();
    await expect(page.getByRole('rowheader').first()).not.toHaveText(first ?? '');
  }
  return link.count();
}

/** The number on a tab. */
async function figure(page: Page, tab: string): Promise<number> {
  const text = await page.getByRole('navigation', { name: 'Lists of the inbox' }).getByRole('link', { name: tab }).textContent();
  return Number(/\d+/.exec(text ?? '')?.[0]);
}

test('each tab has an address, a number, and what it says', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const goal = unique('Waits in an inbox');
  const path = await ask(page, { goal, approvals: 2, mode: 'apply', labels: 'inbox-one' });
  // Whoever may not approve begins with what they asked for.
  await open(page, '/');
  const tabs = page.getByRole('navigation', { name: 'Lists of the inbox' });
  await expect(tabs.getByRole('link', { name: /^Mine requested/ })).toHaveAttribute('aria-current', 'page');
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: goal, exact: true }) });
  await expect(row).toContainText('Ben Okafor');
  await expect(row).toContainText('Real run');
  await expect(row).toContainText('No approval yet, two needed');
  await expect(row).toContainText('inbox-one');
  await tabs.getByRole('link', { name: /^Mine to decide/ }).click();
  await expect(page).toHaveURL(/tab=mine/);
  await expect(page.getByText('Approvals are not among your roles.')).toBeVisible();

  const carla = await newPerson();
  await signIn(carla, 'carla');
  await open(carla, '/');
  const before = await figure(carla, 'Mine to decide');
  expect(await find(carla, goal)).toBe(1);
  await approve(carla, path);
  await open(carla, '/?tab=mine');
  expect(await figure(carla, 'Mine to decide')).toBe(before - 1);
  expect(await find(carla, goal)).toBe(0);
  await open(carla, '/?tab=open');
  expect(await find(carla, goal)).toBe(1);

  await post(carla, '/api/reject', { ...(await bound(carla, path)), reason: 'Not today.' });
  await open(carla, '/?tab=decided');
  await expect(carla.getByRole('rowheader').first()).toContainText(goal);
  await expect(carla.getByRole('row').nth(1)).toContainText('Rejected');
  // A word that is no tab shows one's own.
  await open(carla, '/?tab=sideways');
  await expect(carla.getByRole('link', { name: /^Mine to decide/ })).toHaveAttribute('aria-current', 'page');
});

test('what loses an approval soonest is first, and says so', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const soon = unique('Needs a second approval soon');
  const path = await ask(page, { goal: soon, approvals: 2 });
  await ask(page, { goal: unique('Has time'), approvals: 2, mode: 'apply' });
  const mei = await newPerson();
  await signIn(mei, 'mei');
  const at = new Date(Date.now() + 60_000 * 5).toISOString().slice(0, 16);
  await post(mei, '/api/approve', { ...(await bound(mei, path)), expiry: 'at', expires_at: at });
  const carla = await newPerson();
  await signIn(carla, 'carla');
  await open(carla, '/');
  const first = carla.getByRole('row').nth(1);
  await expect(first).toContainText(soon);
  await expect(first).toContainText('1 of 2 approvals, one more needed');
  await expect(first).toContainText('one lapses');
  await expect(carla.getByText(/^First because one of its approvals lapses soonest/)).toBeVisible();
});

test('pages of the inbox show each decision once, and an emptied one leads back', async ({ page }) => {
  await signIn(page, 'carla');
  await open(page, '/?tab=open');
  const seen: string[] = [];
  for (let turn = 0; turn < 12; turn += 1) {
    const links = page.getByRole('table').getByRole('rowheader').getByRole('link');
    const hrefs = await links.evaluateAll((found) => found.map((one) => one.getAttribute('href') ?? ''));
    seen.push(...hrefs);
    const next = page.getByRole('link', { name: 'Next page' });
    if ((await next.count()) === 0) break;
    await next.click();
    await expect(page.locator(`main a[href="${hrefs[0]}"]`)).toHaveCount(0);
  }
  expect(new Set(seen).size).toBe(seen.length);
  const answer = await page.goto('/?tab=mine&after=nonsense');
  expect(answer?.status()).toBe(422);
});

test('nobody stands before an empty list without a next step', async ({ page }) => {
  await signIn(page, 'erin');
  for (const tab of ['mine', 'requested', 'open', 'decided']) {
    await open(page, `/?tab=${tab}`);
    const rows = await page.getByRole('rowheader').count();
    if (rows === 0) await expect(page.locator('main .empty').getByRole('link').first(), tab).toBeVisible();
  }
});

test('several are decided together, each with its own outcome', async ({ page, newPerson }) => {
  test.slow();
  await signIn(page, 'ben');
  const goals = ['one', 'two', 'three'].map((word) => unique(`Together ${word}`));
  const paths: string[] = [];
  for (const goal of goals) paths.push(await ask(page, { goal, approvals: 1, plan: `run ${goal}`, mode: 'apply' }));
  const carla = await newPerson();
  await signIn(carla, 'carla');
  await open(carla, '/');
  for (const goal of goals) {
    if ((await find(carla, goal)) === 0) throw new Error(`${goal} does not wait`);
  }
  // What stands on one page can be ticked there; here the address is made by hand, as the form makes it.
  const ids = paths.map((path) => path.split('/').pop() ?? '');
  await open(carla, `/decide?${ids.map((id) => `id=${id}`).join('&')}`);
  await expect(carla.getByRole('heading', { level: 1, name: 'Decide several' })).toBeVisible();
  for (const goal of goals) {
    const item = carla.getByRole('listitem').filter({ has: carla.getByRole('heading', { name: goal }) });
    await expect(item).toContainText(`run ${goal}`);
    await expect(item).toContainText('Ben Okafor');
    await expect(item).toContainText(/[0-9a-f]{64}/);
    // The tick is the reader's own act.
    await expect(item.getByRole('checkbox')).not.toBeChecked();
  }
  // Meanwhile the second is withdrawn, and the third is not ticked.
  await post(page, '/api/withdraw', await bound(page, paths[1] ?? ''));
  for (const goal of goals.slice(0, 2)) await carla.getByRole('checkbox', { name: goal }).check();
  await carla.getByLabel('Comment, or why you reject').fill('Seen together.');
  await carla.getByRole('button', { name: 'Approve the ticked ones' }).click();
  await expect(carla.getByRole('heading', { level: 1, name: '1 approved, 1 not' })).toBeVisible();
  const outcome = (goal: string | undefined) => carla.locator('.outcomes').getByRole('listitem').filter({ hasText: goal ?? '' });
  await expect(outcome(goals[0])).toContainText('Approved. Recorded as event');
  await expect(outcome(goals[1])).toContainText('changed after you opened it');
  await expect(outcome(goals[2])).toHaveCount(0);
  await outcome(goals[0]).getByRole('link', { name: /^event \d+$/ }).click();
  await expect(carla.getByRole('region', { name: /^Approvals:/ })).toContainText('Seen together.');
  // What was not ticked still waits.
  await open(carla, paths[2] ?? '');
  await expect(carla.getByRole('button', { name: 'Approve', exact: true })).toBeVisible();
});

test('what changed is not ticked any more, and may be decided after another look', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const goal = unique('Changes meanwhile');
  const path = await ask(page, { goal, approvals: 2 });
  const carla = await newPerson();
  await signIn(carla, 'carla');
  await open(carla, `/decide?id=${path.split('/').pop()}`);
  const mei = await newPerson();
  await signIn(mei, 'mei');
  await approve(mei, path, 'First.');
  await carla.getByRole('checkbox').check();
  await carla.getByLabel('Comment, or why you reject').fill('Kept while it changed.');
  await carla.getByRole('button', { name: 'Approve the ticked ones' }).click();
  await expect(carla.getByRole('heading', { level: 1, name: '0 approved, 1 not' })).toBeVisible();
  await expect(carla.getByRole('alert')).toContainText('Nothing was recorded.');
  await expect(carla.getByRole('checkbox')).not.toBeChecked();
  await expect(carla.getByLabel('Comment, or why you reject')).toHaveValue('Kept while it changed.');
  await carla.getByRole('checkbox').check();
  await carla.getByRole('button', { name: 'Approve the ticked ones' }).click();
  await expect(carla.getByRole('heading', { level: 1, name: '1 approved' })).toBeVisible();
});

test('a rejection needs a reason, and nothing ticked decides nothing', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const [one, two] = [unique('Rejected together'), unique('Left alone')];
  const paths = [await ask(page, { goal: one }), await ask(page, { goal: two })];
  const carla = await newPerson();
  await signIn(carla, 'carla');
  await open(carla, `/decide?${paths.map((path) => `id=${path.split('/').pop()}`).join('&')}`);
  await carla.getByRole('checkbox', { name: one }).check();
  await carla.getByRole('button', { name: 'Reject the ticked ones' }).click();
  await expect(carla.getByRole('alert')).toContainText('Write why you reject');
  // What was ticked still is, and what was not is not.
  await expect(carla.getByRole('checkbox', { name: one })).toBeChecked();
  await expect(carla.getByRole('checkbox', { name: two })).not.toBeChecked();
  await carla.getByRole('checkbox', { name: one }).uncheck();
  await carla.getByLabel('Comment, or why you reject').fill('Not like this.');
  await carla.getByRole('button', { name: 'Reject the ticked ones' }).click();
  await expect(carla.getByRole('alert')).toContainText('Tick at least one');
  await carla.getByRole('checkbox', { name: one }).check();
  await carla.getByRole('button', { name: 'Reject the ticked ones' }).click();
  await expect(carla.getByRole('heading', { level: 1, name: '1 rejected' })).toBeVisible();
  await open(carla, paths[0] ?? '');
  await expect(carla.getByText('Not like this.').first()).toBeVisible();
});

test('what somebody may not decide says why, and cannot be ticked', async ({ page }) => {
  await signIn(page, 'alice');
  const path = await ask(page, { goal: unique('My own'), forbidSelf: 'yes' });
  await signIn(page, 'ben');
  await open(page, `/decide?id=${path.split('/').pop()}&id=no-such-decision&id=${path.split('/').pop()}`);
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  await expect(page.getByText('There is no such decision here.').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /ticked ones/ })).toHaveCount(0);
  await open(page, '/decide');
  await expect(page.getByText('Nothing is ticked.')).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'Back to the inbox' })).toBeVisible();
});

test('saved views are filters in the address', async ({ page }) => {
  await signIn(page, 'ben');
  await open(page, '/decisions');
  const views = page.getByRole('navigation', { name: 'Saved views' });
  await expect(views.getByRole('link', { name: 'All' })).toHaveAttribute('aria-current', 'page');
  await views.getByRole('link', { name: 'Waiting' }).click();
  await expect(page).toHaveURL(/\/decisions\?state=pending_approval$/);
  await expect(views.getByRole('link', { name: 'Waiting' })).toHaveAttribute('aria-current', 'page');
  await alive(page);
  await views.getByRole('link', { name: 'Mine' }).click();
  await expect(page).toHaveURL(/person=ben%40northwind\.example$/);
  await expect(page.getByText(/^\d+\+? decisions, newest first$/)).toBeVisible();
});
