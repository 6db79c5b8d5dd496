//! Verifying by sending: for readers without scripts, said plainly beforehand, answered in plain text.

import { expect, test } from './fixtures';
import { ask, open, signIn, unique } from './persons';

test('a pasted file is checked by the server, which says so and keeps nothing', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const path = await ask(page, { goal: unique('Weigh the "scales" </textarea>') });
  const bundle = await (await page.request.get(`${path}/bundle.json`)).text();
  const stranger = await newPerson();
  for (const [text, verdict] of [
    [bundle, 'every check holds'],
    [bundle.replaceAll('scales', 'whales'), 'IT DOES NOT HOLD'],
    ['not json', 'This could not be verified'],
  ] as const) {
    await open(stranger, '/verify');
    await stranger.getByText('Without this page, or without JavaScript').click();
    await expect(stranger.getByText('This sends it to this server')).toBeVisible();
    await stranger.getByLabel('Bundle or audit package, as JSON').fill(text);
    await stranger.getByRole('button', { name: 'Send it and verify on the server' }).click();
    await expect(stranger.locator('body')).toContainText(verdict);
  }
});
