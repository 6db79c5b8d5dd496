//! Two people in one browser, one after the other: a page that was made for the first decides nothing as the second.

import { expect, test } from './fixtures';
import { ask, deaf, open, signIn, unique } from './persons';

test('a page that was made for somebody else decides nothing, says so, and keeps what was typed', async ({ page, newPerson, complaints }) => {
  complaints.expect(/Failed to load resource: .* 422/);
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Rotate the keys'), approvals: 2 });
  await signIn(page, 'carla');
  await deaf(page);
  await open(page, path);
  await page.getByLabel('Comment (optional)').fill('I have read it.');
  // In another tab of the same browser.
  await signIn(page, 'jonas');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByRole('alert').first()).toContainText(/made for somebody else/);
  await expect(page.getByRole('alert').first()).toContainText('Nothing was recorded.');
  await expect(page.getByLabel('Comment (optional)')).toHaveValue('I have read it.');
  await open(page, path);
  await expect(page.getByText('No approval yet, two needed').first()).toBeVisible();
});
