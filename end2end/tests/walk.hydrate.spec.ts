//! The pages as people use them who have no mouse or do not see the screen. Refuses a focus that is lost, what has the
//! focus and is not seen, and an order of things that makes no sense when it is read out.

import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { alive, approve, ask, open, signIn, unique } from './persons';

test.describe.configure({ mode: 'parallel' });

/** Presses Tab until the element has the focus; the focus is never nowhere on the way. */
async function reach(page: Page, target: Locator, most: number): Promise<void> {
  for (let turn = 0; turn < most; turn += 1) {
    if (await target.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}

/** The focus is somewhere, once what was done has settled. */
async function somewhere(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName ?? 'BODY')).not.toBe('BODY');
}

/** A browser of Carla's, who approves, and decisions of Ben's that wait for her. */
async function waiting(page: Page, newPerson: () => Promise<Page>, goals: string[], approvals = 1): Promise<[Page, string[]]> {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const paths: string[] = [];
  for (const goal of goals) paths.push(await ask(ben, { goal: unique(goal), approvals, plan: `run ${goal}` }));
  await signIn(page, 'carla');
  return [ben, paths];
}

test('with keys alone: in, to a decision, approved, to the next, rejected, and back', async ({ page }) => {
  await open(page, '/sign-in');
  const person = page.getByLabel('Person');
  await reach(page, person, 20);
  await page.keyboard.type('Carla');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Come in' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  await alive(page);
  const row = (at: number) => page.getByRole('rowheader').nth(at).getByRole('link');
  for (const [key, at] of [['j', 0], ['j', 1], ['k', 0]] as const) {
    await page.keyboard.press(key);
    await expect(row(at)).toBeFocused();
  }
  const goal = (await row(0).textContent()) ?? '';
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText(goal);
  await expect(heading).toBeFocused();

  await page.keyboard.press('a');
  await expect(page.getByLabel('Comment (optional)')).toBeFocused();
  await page.keyboard.type('Read it to the end.');
  await page.keyboard.press('Tab');
  await somewhere(page);
  await reach(page, page.getByRole('button', { name: 'Approve', exact: true }), 5);
  await page.keyboard.press('Enter');
  const next = page.getByRole('region', { name: 'Recorded' }).getByRole('link').last();
  await expect(next).toBeFocused();
  await expect(page.getByText('Read it to the end.').first()).toBeVisible();
  const other = (await next.textContent()) ?? '';
  await page.keyboard.press('Enter');
  await expect(heading).toHaveText(other);
  await expect(heading).toBeFocused();

  await page.keyboard.press('r');
  await expect(page.getByLabel('Reason', { exact: true })).toBeFocused();
  await page.keyboard.type('Not this week.');
  await reach(page, page.getByRole('button', { name: 'Reject for good' }), 3);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Recorded' }).getByRole('link').last()).toBeFocused();
  await expect(page.getByText('Not this week.').first()).toBeVisible();
  // Twice asked for a form, and once gone to the next.
  for (let turn = 0; turn < 3; turn += 1) await page.goBack();
  await expect(heading).toHaveText(goal);
  await somewhere(page);
});

test('the list of keys keeps the focus, tells its name, and gives the focus back', async ({ page }) => {
  await signIn(page, 'carla');
  await open(page, '/');
  const opener = page.getByRole('button', { name: 'Keys' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await expect(help.getByRole('button', { name: 'Close' })).toBeFocused();
  for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab']) {
    await page.keyboard.press(key);
    // A browser's own bar may have it in between; nothing of the page behind may.
    const where = await page.evaluate(() => {
      const one = document.activeElement;
      return one === null || one === document.body || one.closest('dialog') !== null ? 'inside' : one.outerHTML;
    });
    expect(where).toBe('inside');
  }
  await help.getByRole('button', { name: 'Close' }).press('Enter');
  await expect(help).toBeHidden();
  await expect(opener).toBeFocused();
});

/** In the page: whether all of what has the focus lies under something else. */
function buried(): string {
  const one = document.activeElement;
  if (one === null || one === document.body) return '';
  const { left, top, width, height } = one.getBoundingClientRect();
  const places = [[0.5, 0.5], [0.05, 0.1], [0.95, 0.1], [0.05, 0.9], [0.95, 0.9]];
  const seen = places.some(([x = 0, y = 0]) => {
    const there = document.elementFromPoint(left + width * x, top + height * y);
    return there !== null && (one.contains(there) || there.contains(one));
  });
  return seen ? '' : one.outerHTML.slice(0, 90);
}

for (const [width, height] of [[900, 600], [390, 700]] as const) {
  test(`what has the focus is never hidden under what lies over the page: ${width} px`, async ({ page, newPerson }) => {
    test.setTimeout(60_000);
    const [ben, [path = '']] = await waiting(page, newPerson, ['Mow the lawn'], 2);
    await page.setViewportSize({ width, height });
    const found: string[] = [];
    const walk = async (name: string, key: 'Tab' | 'Shift+Tab', turns: number) => {
      for (let turn = 0; turn < turns; turn += 1) {
        await page.keyboard.press(key);
        const what = await page.evaluate(buried);
        if (what !== '') found.push(`${name}, ${key}: ${what}`);
      }
    };
    await open(page, '/');
    await expect(page.locator('[data-link="live"]')).toBeVisible();
    await ask(ben, { goal: unique('Turn up') });
    await expect(page.locator('.news')).toBeVisible();
    await page.getByRole('contentinfo').getByRole('link').focus();
    await walk('inbox', 'Shift+Tab', 25);
    await open(page, path);
    await expect(page.locator('[data-link="live"]')).toBeVisible();
    await walk('decision', 'Tab', 40);
    const mei = await newPerson();
    await signIn(mei, 'mei');
    await approve(mei, path);
    await expect(page.locator('.changed')).toBeVisible();
    await page.getByRole('heading', { name: 'What exactly will run' }).click();
    await walk('changed decision', 'Tab', 35);
    expect(found).toEqual([]);
  });
}

test('what is read out of a row and of a decision comes in an order that makes sense', async ({ page, newPerson }) => {
  const [, [path = '']] = await waiting(page, newPerson, ['Air the cellar'], 2);
  await open(page, '/?tab=open');
  const row = page.getByRole('row').filter({ has: page.locator(`a[href="${path}"]`) });
  await expect(row).toMatchAriaSnapshot(`
    - row:
      - rowheader:
        - link /Air the cellar/
        - text: Dry run
      - cell /Ben Okafor/
      - cell /No approval yet, two needed/
      - cell /Waiting for approval/
      - cell:
        - time
  `);
  await open(page, path);
  await expect(page.locator('main')).toMatchAriaSnapshot(`
    - article:
      - navigation "Way to this page"
      - heading /Air the cellar/ [level=1]
      - paragraph:
        - text: Asked by
        - strong: Ben Okafor
      - paragraph: /Waiting for approval Dry run No approval yet, two needed/
      - paragraph: Any 2 approvers other than the requester
      - region "What exactly will run":
        - heading "What exactly will run" [level=2]
      - region "Your decision":
        - textbox "Comment (optional)"
        - group:
          - button "Approve"
        - group: Reject
      - region "What is missing"
      - 'region "Approvals: 0 of 2"'
      - region "Timeline"
  `);
});
