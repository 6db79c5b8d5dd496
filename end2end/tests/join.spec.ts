//! Invitations: opened by anybody any number of times, accepted once, and by whom they are for.

import { expect, test } from './fixtures';
import { address, enter, invite, join, PASSWORD } from './joining';
import { open, signIn, unique } from './persons';

test.describe.configure({ timeout: 60_000 });

// An invitation that does not work answers 404, and the console says so.
test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .*404/));

test('somebody new chooses a password and comes in, once', async ({ page, newPerson }) => {
  await signIn(page, 'noor');
  const [email, name] = [address(), unique('Wanjiru')];
  const link = await invite(page, email, name, ['Requester', 'Auditor']);

  // Whoever only looks changes nothing.
  const scanner = await newPerson();
  await scanner.goto(link);
  await scanner.goto(link);

  const them = await newPerson();
  await open(them, link);
  const main = them.getByRole('main');
  await expect(main).toContainText(email);
  await expect(main).toContainText('Auditor');
  await expect(them.getByLabel('Your e-mail')).toHaveValue(email);
  await expect(them.getByLabel('Your name')).toHaveValue(name);

  // A name that the browser takes and the server does not; the link is not used up by it.
  await them.getByLabel('Your name').fill('  ');
  await them.getByLabel('Password').fill(PASSWORD);
  await them.getByRole('button', { name: 'Join and sign in' }).click();
  await expect(them.getByRole('alert')).toContainText('cannot be used');
  await expect(them.getByLabel('Password')).toHaveValue('');
  await join(them, link);

  const late = await newPerson();
  expect((await late.goto(link))?.status()).toBe(404);
  await expect(late.getByRole('heading', { level: 1, name: 'This invitation does not work' })).toBeVisible();
  await enter(late, email);
  await expect(late.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
});

test('a made-up invitation is told what a used one is told', async ({ page }) => {
  for (const path of ['/join', '/join?token=', '/join?token=made-up', `/join?token=${'x'.repeat(3_000)}`]) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await expect(page.getByRole('heading', { level: 1, name: 'This invitation does not work' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText(/used, taken back or has expired/);
  }
});

test('an invitation is for whom it was made', async ({ page, newPerson }) => {
  await signIn(page, 'noor');
  const link = await invite(page, address(), unique('Somebody'), ['Approver']);
  const ben = await newPerson();
  await signIn(ben, 'ben');
  await open(ben, link);
  await expect(ben.getByLabel('Password')).toHaveCount(0);
  await ben.getByRole('button', { name: /^Join as Ben/ }).click();
  await expect(ben.getByRole('alert')).toContainText('This invitation is for somebody else');
  await join(await newPerson(), link);
});
