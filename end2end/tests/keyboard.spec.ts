//! With the keyboard alone: come in, open what waits, approve. Focus is where the next key is meant to go.

import { expect, test } from './fixtures';
import { alive, ask, open, scripted, signIn, unique } from './persons';
import type { Locator, Page } from '@playwright/test';

/** Presses Tab until the element has the focus. */
async function reach(page: Page, target: Locator, most = 60): Promise<void> {
  for (let turn = 0; turn < most; turn += 1) {
    if (await target.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}

test('somebody without a mouse signs in, opens what waits and approves', async ({ page, newPerson }) => {
  test.slow();
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const goal = unique('Approve me without a mouse');
  await ask(ben, { goal, approvals: 1 });

  await open(page, '/sign-in');
  const person = page.getByLabel('Person');
  await reach(page, person);
  await page.keyboard.type('Carla');
  await expect(person).toHaveValue('carla@northwind.example');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Come in' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  await alive(page);

  // The first key leads past the header.
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  const first = page.getByRole('region', { name: 'Mine to decide' }).getByRole('rowheader').getByRole('link').first();
  await page.keyboard.press('Tab');
  await reach(page, first, 5);
  const title = (await first.textContent()) ?? '';
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await alive(page);
  // A page that the router changed has the focus at its heading, not nowhere.
  if (scripted()) await expect(page.getByRole('heading', { level: 1 })).toBeFocused();

  const comment = page.getByLabel('Comment (optional)');
  await reach(page, comment, 30);
  await page.keyboard.type('Approved with ten fingers.');
  await reach(page, page.getByRole('button', { name: 'Approve', exact: true }), 20);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: /^Approvals:/ })).toContainText('Approved with ten fingers.');
  // The focus is not thrown away with the form that it was in.
  if (scripted()) {
    await expect.poll(() => page.evaluate(() => document.activeElement === null || document.activeElement === document.body)).toBe(false);
  }
});

test('whatever has the focus shows it', async ({ page }) => {
  await signIn(page, 'carla');
  await open(page, '/');
  for (let turn = 0; turn < 25; turn += 1) {
    await page.keyboard.press('Tab');
    const shown = await page.evaluate(() => {
      const one = document.activeElement;
      if (!(one instanceof HTMLElement) || one === document.body) return 'body';
      const style = getComputedStyle(one);
      const box = one.getBoundingClientRect();
      const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
      return (ring || style.boxShadow !== 'none') && box.width > 0 && box.height > 0 ? 'shown' : one.outerHTML.slice(0, 120);
    });
    expect(['shown', 'body']).toContain(shown);
  }
});
