//! A second factor: set up, asked for at every sign-in, and no code of any kind works twice.

import { expect, test } from './fixtures';
import { address, enter, invite, join } from './joining';
import { open, signIn, unique } from './persons';
import { answer, begin, code, switchOn } from './second-factor';
import type { Page } from '@playwright/test';

test.describe.configure({ timeout: 60_000 });

async function signOut(page: Page): Promise<void> {
  await open(page, '/account');
  await page.getByRole('banner').locator('summary').last().click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
}

async function somebody(admin: Page, them: Page): Promise<string> {
  await signIn(admin, 'noor');
  const email = address();
  await join(them, await invite(admin, email, unique('Tove'), ['Requester']));
  return email;
}

test('a code of the app is asked for once it is on, and works once', async ({ page, newPerson }) => {
  const them = await newPerson();
  const email = await somebody(page, them);
  const secret = await begin(them);
  const picture = await them.request.get('/account/second-factor.svg');
  expect(picture.status()).toBe(200);
  expect(picture.headers()['content-type']).toContain('image/svg+xml');
  expect(picture.headers()['cache-control']).toContain('no-store');
  expect((await (await newPerson()).request.get('/account/second-factor.svg')).status()).toBe(401);

  // Nothing is on before a code was right.
  await them.getByLabel('Code of the app').fill('000000');
  await them.getByRole('button', { name: 'Switch it on' }).click();
  await expect(them.getByRole('alert')).toContainText('This code is wrong');
  await expect(them.getByLabel('Code of the app')).toHaveAttribute('aria-invalid', 'true');
  await expect(them.getByLabel('Code of the app')).toBeFocused();
  const { recovery, used } = await switchOn(them, secret);
  expect(new Set(recovery).size).toBe(10);

  // The codes and the secret are shown once.
  await them.getByRole('link', { name: 'I have kept them' }).click();
  const panel = them.getByRole('region', { name: 'Second factor' });
  await expect(panel).toContainText('10 recovery codes are left.');
  await expect(them.getByRole('main')).not.toContainText(secret);
  await expect(them.getByRole('main')).not.toContainText(recovery[0] ?? 'none');
  expect((await them.request.get('/account/second-factor.svg')).status()).toBe(404);

  // A right password is half of it: no page opens, and the code that switched it on is used up.
  await signOut(them);
  await enter(them, email);
  await expect(them.getByRole('heading', { level: 1, name: 'Second factor' })).toBeVisible();
  const half = them.url();
  await open(them, '/decisions');
  await expect(them.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await them.goto(half);
  await answer(them, used);
  await expect(them.getByRole('alert')).toContainText('was used before');
  const next = code(secret, 1);
  await answer(them, next);
  await expect(them.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();

  // The very code that let in does not let in again, here or in another browser.
  const thief = await newPerson();
  await enter(thief, email);
  await answer(thief, next);
  await expect(thief.getByRole('alert')).toContainText('was used before');
});

test('a recovery code lets in once, and switching off needs none', async ({ page, newPerson }) => {
  const them = await newPerson();
  const email = await somebody(page, them);
  const { recovery } = await switchOn(them, await begin(them));
  const [first = '', second = ''] = recovery;

  await signOut(them);
  await enter(them, email);
  await answer(them, first.toUpperCase().replaceAll('-', ' '));
  await expect(them.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();

  await signOut(them);
  await enter(them, email);
  await answer(them, first);
  await expect(them.getByRole('alert')).toContainText('was used before');
  await answer(them, second);
  await expect(them.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();

  await open(them, '/account');
  const panel = them.getByRole('region', { name: 'Second factor' });
  await expect(panel).toContainText('8 recovery codes are left.');
  await panel.getByRole('button', { name: 'Switch it off' }).click();
  await expect(them.getByRole('status')).toContainText('Your second factor is off.');
  await signOut(them);
  await enter(them, email);
  await expect(them.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
});

test('a sign-in that waits for a code is of one browser', async ({ page, newPerson }) => {
  const them = await newPerson();
  const email = await somebody(page, them);
  const { recovery } = await switchOn(them, await begin(them));
  await signOut(them);
  await enter(them, email);
  await expect(them.getByRole('heading', { level: 1, name: 'Second factor' })).toBeVisible();

  const thief = await newPerson();
  await open(thief, them.url());
  await answer(thief, recovery[0] ?? '');
  await expect(thief.getByRole('alert')).toContainText('was not begun in this browser');
  await thief.goto('/');
  await expect(thief.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
});
