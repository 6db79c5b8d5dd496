//! Two approvers at once: who is here is said, what changed is shown before it is decided on, and nothing is lost.

import { expect, test } from './fixtures';
import { approve, ask, open, post, bound, signIn, unique } from './persons';

test('a decision that changes while it is open goes still, says what changed, and keeps what was typed', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Open the north gate'), approvals: 2 });
  await signIn(page, 'carla');
  await open(page, path);
  await page.getByLabel('Comment (optional)').fill('Looks right to me.');
  const mei = await newPerson();
  await signIn(mei, 'mei');
  await open(mei, path);
  await expect(page.getByText('Mei-Ling Zhao is looking at this too.')).toBeVisible();
  await expect(mei.getByText('Carla Jiménez is looking at this too.')).toBeVisible();

  const before = await page.getByLabel('Comment (optional)').boundingBox();
  await mei.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(mei.getByRole('region', { name: 'Recorded' })).toContainText('Recorded as event 2');
  await expect(mei.getByText('This decision changed.')).toHaveCount(0);

  const banner = page.locator('.changed');
  await expect(banner).toContainText(/Mei-Ling Zhao approved .*: 1 of 2 approvals, one more needed/);
  await expect(page.getByRole('button', { name: 'Approve', exact: true })).toBeDisabled();
  await expect(page.getByText('It changed while you had it open.').first()).toBeVisible();
  await expect(page.getByLabel('Comment (optional)')).toHaveValue('Looks right to me.');
  await expect(page.getByLabel('Comment (optional)')).toBeEnabled();
  expect(await page.getByLabel('Comment (optional)').boundingBox()).toEqual(before);

  await banner.getByRole('button', { name: 'Show it as it is now' }).click();
  await expect(page.getByRole('region', { name: 'Approvals: 1 of 2' })).toBeVisible();
  await expect(banner).toHaveCount(0);
  await expect(page.getByLabel('Comment (optional)')).toHaveValue('Looks right to me.');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Approvals: 2 of 2' })).toContainText('Looks right to me.');
});

test('what is over says so, and what was typed can still be copied', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Shut the south gate') });
  await signIn(page, 'carla');
  await open(page, path);
  await page.getByLabel('Comment (optional)').fill('A long thought.');
  await post(ben, '/api/withdraw', { ...(await bound(page, path)) });
  await expect(page.locator('.changed')).toContainText('Ben Okafor withdrew the request');
  await page.getByRole('button', { name: 'Show it as it is now' }).click();
  await expect(page.getByRole('group', { name: 'What you had typed' })).toHaveText('A long thought.');
});

test('a double click, or Enter held down, records once and asks nobody to look again', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Turn the lights on'), approvals: 2 });
  await signIn(page, 'carla');
  await open(page, path);
  await page.getByRole('button', { name: 'Approve', exact: true }).dblclick();
  await expect(page.getByRole('region', { name: 'Recorded' })).toContainText('Recorded as event 2');
  await expect(page.locator('.changed')).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.locator('#event-3')).toHaveCount(0);
});

test('a page that is shown anew is not pushed about when it comes alive', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Count the chairs'), plan: 'one\ntwo' });
  const mei = await newPerson();
  await signIn(mei, 'mei');
  await approve(mei, path);
  await signIn(page, 'carla');
  await page.addInitScript(() => {
    Object.assign(window, { moved: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        Object.assign(window, { moved: (window as unknown as { moved: number }).moved + (entry as unknown as { value: number }).value });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await open(page, path);
  await page.waitForTimeout(1500);
  expect(await page.evaluate(() => (window as unknown as { moved: number }).moved)).toBeLessThan(0.01);
});
