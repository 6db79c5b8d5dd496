//! A policy that asks for a fresh sign-in: written, shown, and honoured. That an old sign-in is led through another one
//! and back is for the server's own tests, which can wind the clock.

import { expect, test } from './fixtures';
import { alive, askByHand, open, signIn, unique } from './persons';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/api\//));

test('a policy says how old a sign-in may be, and a fresh one approves', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const path = await askByHand(page, { goal: unique('rotate the root key'), signInAge: '5' });
  const policy = page.getByRole('region', { name: 'Policy', exact: true });
  await expect(policy).toContainText('Approving needs a sign-in within the last 5 minutes');

  const approver = await newPerson();
  await signIn(approver, 'carla');
  await open(approver, path);
  await expect(approver.getByText('You will be asked to sign in first')).toHaveCount(0);
  await approver.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(approver.getByRole('region', { name: 'Approvals: 1 of 1' })).toContainText('Carla Jiménez');
});

test('an age that no policy can have is refused, and what was typed stays', async ({ page }) => {
  await signIn(page, 'grace');
  await open(page, '/templates/new');
  await page.getByLabel('Name').fill(unique('fresh'));
  await page.getByLabel('Sign-in not older than (minutes)').fill('20000');
  await page.getByRole('button', { name: 'Save for good' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await alive(page);
  await expect(page.getByLabel('Sign-in not older than (minutes)')).toHaveValue('20000');
});
