//! Verifying by sending: for readers without scripts, said plainly beforehand, answered by a page.

import { expect, test } from './fixtures';
import { ask, open, scripted, signIn, unique } from './persons';

test('a pasted file is checked by the server, which says so and keeps nothing', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const path = await ask(page, { goal: unique('Weigh the "scales" </textarea>') });
  const bundle = await (await page.request.get(`${path}/bundle.json`)).text();
  const stranger = await newPerson();
  for (const [text, verdict, words] of [
    [bundle, 'Verified', 'Is the decision as it was exported? ✓Yes'],
    [bundle.replaceAll('scales', 'whales'), 'Altered', 'Is the decision as it was exported? ✕No'],
    ['not json', 'Not readable', 'This is not JSON'],
  ] as const) {
    await open(stranger, '/verify');
    await stranger.getByText('Without this page, or without JavaScript').click();
    await expect(stranger.getByText('This sends it to this server')).toBeVisible();
    await stranger.getByLabel('Audit package, bundle or workspace log, as JSON').fill(text);
    await stranger.getByRole('button', { name: 'Send it and verify on the server' }).click();
    await expect(stranger.getByRole('heading', { level: 1, name: 'Verification' })).toBeVisible();
    const answer = stranger.getByRole('article');
    await expect(answer).toContainText(verdict);
    await expect(answer).toContainText(words);
    await stranger.getByRole('link', { name: 'Verify another' }).click();
    await expect(stranger.getByRole('heading', { level: 1, name: 'Verify a file' })).toBeVisible();
  }
});

test('what needs a script is there only where scripts run', async ({ page }) => {
  await open(page, '/verify');
  const chooser = page.getByLabel('Choose files, or drop them here');
  if (scripted()) {
    await expect(chooser).toBeEnabled();
    await expect(page.getByText('JavaScript is off')).toBeHidden();
  } else {
    await expect(chooser).toBeHidden();
    await expect(page.getByText('JavaScript is off')).toBeVisible();
  }
  await page.getByText('Without this page, or without JavaScript').click();
  await expect(page.getByText('nexus-control verify FILE…')).toBeVisible();
});
