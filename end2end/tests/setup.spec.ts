//! The first start: no default password, a one-time link, and the last admin stays one.

import { expect, test } from './fixtures';
import { alive } from './persons';
import { emptyFolder, removeFolder, startServer } from './server';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/api\//));

test('the first start prints a link that makes the first admin, once', async ({ page, newPerson }) => {
  const folder = emptyFolder();
  const server = await startServer(folder, ['serve']);
  try {
    await expect.poll(() => server.log()).toMatch(/\/set-up\?token=\S+/);
    const link = /http:\S+\/set-up\?token=\S+/.exec(server.log())?.[0] ?? '';
    expect(link.startsWith(server.url)).toBe(true);

    // Nobody gets in without it.
    await page.goto(server.url);
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await expect(page.getByText('Or look around')).toHaveCount(0);

    await page.goto(link);
    await alive(page);
    const fill = async (who: typeof page, password: string) => {
      await who.getByLabel('Name of the workspace').fill('Kraut & Rüben');
      await who.getByLabel('Your name').fill('Ana Ünal');
      await who.getByLabel('Your e-mail').fill('ana@kraut.example');
      await who.getByLabel('Password').fill(password);
      await who.getByRole('button', { name: 'Set up and sign in' }).click();
    };
    await fill(page, 'correct horse battery');
    await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
    await expect(page.getByRole('banner')).toContainText('Kraut & Rüben');
    await expect(page.getByText('Nothing waits for you.')).toBeVisible();

    const stranger = await newPerson();
    await stranger.goto(link);
    await alive(stranger);
    await fill(stranger, 'a very different one');
    await expect(stranger.getByRole('alert')).toBeVisible();
    await stranger.goto(`${server.url}/`);
    await expect(stranger.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();

    // The only admin stays one, and stays in.
    await page.goto(`${server.url}/people`);
    await alive(page);
    await page.getByRole('link', { name: 'Ana Ünal' }).click();
    await page.getByRole('button', { name: 'Suspend' }).click();
    await expect(page.getByRole('alert')).toContainText(/admin/);
    await expect(page.getByText('Suspended')).toHaveCount(0);
    await page.getByRole('checkbox', { name: /^Admin/ }).uncheck();
    await page.getByRole('button', { name: 'Save roles' }).click();
    await expect(page.getByRole('alert')).toContainText(/admin/);
  } finally {
    await server.stop();
  }

  // The next start asks for nothing, and the password works.
  const again = await startServer(folder, ['serve']);
  try {
    expect(again.log()).not.toContain('/set-up?token=');
    await page.goto(`${again.url}/sign-in`);
    await alive(page);
    await page.getByLabel('E-mail').fill('ana@kraut.example');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  } finally {
    await again.stop();
    removeFolder(folder);
  }
});
