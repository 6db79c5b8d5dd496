//! Lists: every filter stands in the address, back goes back, pages follow one another, and nothing is a dead end.

import { expect, test } from './fixtures';
import { alive, ask, open, post, bound, signIn, unique } from './persons';

test('filters stand in the address, and back undoes them one by one', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const word = unique('needle').split(' ')[1] ?? '';
  const waiting = await ask(page, { goal: `Find ${word} waiting`, labels: `hay-${word}` });
  const rejected = await ask(page, { goal: `Find ${word} rejected`, labels: `straw-${word}` });
  const carla = await newPerson();
  await signIn(carla, 'carla');
  await post(carla, '/api/reject', { ...(await bound(carla, rejected)), reason: 'No.' });
  expect(waiting).not.toBe(rejected);

  await open(page, '/decisions');
  const filters = page.getByRole('search', { name: 'Filter decisions' });
  await filters.getByLabel('Words or id').fill(word);
  await filters.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByRole('rowheader')).toHaveCount(2);
  await expect(page).toHaveURL(new RegExp(`[?&]text=${word}`));
  await alive(page);
  await filters.getByLabel('State').selectOption('Rejected');
  await filters.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await expect(page).toHaveURL(/[?&]state=rejected/);
  await expect(page.getByRole('link', { name: `Find ${word} rejected`, exact: true })).toBeVisible();

  await page.goBack();
  await expect(page.getByRole('rowheader')).toHaveCount(2);
  await expect(filters.getByLabel('State')).toHaveValue('');
  await expect(filters.getByLabel('Words or id')).toHaveValue(word);
  await page.goForward();
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await expect(filters.getByLabel('State')).toHaveValue('rejected');
  // An address that somebody was sent shows the same, with its filters to take away.
  await open(page, page.url());
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await page.getByRole('list', { name: 'Filters in use' }).getByRole('link', { name: /State: Rejected/ }).click();
  await expect(page.getByRole('rowheader')).toHaveCount(2);
  await expect(page).not.toHaveURL(/state=rejected/);
});

test('each filter finds what it should', async ({ page, newPerson }) => {
  await signIn(page, 'grace');
  const label = unique('tag').replace(' ', '-');
  const goal = unique('Grace asks with a label');
  const path = await ask(page, { goal, labels: label, template: 'dry-run-rehearsal' });
  const mei = await newPerson();
  await signIn(mei, 'mei');
  const today = new Date().toISOString().slice(0, 10);
  for (const query of [
    `label=${label}`,
    `label=${label}&person=grace@northwind.example`,
    `label=${label}&template=dry-run-rehearsal`,
    `label=${label}&state=open`,
    `label=${label}&state=pending_approval`,
    `label=${label}&from=${today}`,
    `text=${path.split('/')[2]}`,
  ]) {
    await open(mei, `/decisions?${query}`);
    await expect(mei.getByRole('rowheader'), query).toHaveCount(1);
    await expect(mei.getByRole('link', { name: goal, exact: true }), query).toBeVisible();
  }
  for (const query of [`label=${label}&person=ben@northwind.example`, `label=${label}&until=2020-01-01`, `label=${label}&state=completed`]) {
    await open(mei, `/decisions?${query}`);
    await expect(mei.getByText('No decision matches these filters.'), query).toBeVisible();
  }
  await mei.getByRole('link', { name: 'Clear all filters' }).click();
  await expect(mei).toHaveURL(/\/decisions$/);
  await expect(mei.getByRole('rowheader').first()).toBeVisible();
});

test('a filter that makes no sense is refused in words with a way out', async ({ page, complaints }) => {
  complaints.expect(/422|\/api\//);
  await signIn(page, 'mei');
  for (const query of ['from=yesterday', 'state=sideways', 'after=%00nonsense']) {
    const answer = await page.goto(`/decisions?${query}`);
    expect(answer?.status(), query).toBeLessThan(500);
    await expect(page.getByRole('main').getByRole('link', { name: /^Clear all filters|^First page|^Clear all$/ }).first(), query).toBeVisible();
  }
});

test('pages follow one another without losing or repeating a decision', async ({ page }) => {
  await signIn(page, 'mei');
  await open(page, '/decisions');
  const seen: string[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    const links = page.getByRole('table').getByRole('rowheader').getByRole('link');
    await expect(links.first()).toBeVisible();
    const hrefs = await links.evaluateAll((found) => found.map((one) => one.getAttribute('href') ?? ''));
    seen.push(...hrefs);
    const next = page.getByRole('link', { name: 'Next page' });
    if ((await next.count()) === 0) break;
    await next.click();
    await expect(page).toHaveURL(/[?&]after=/);
    await expect(page.locator(`a[href="${hrefs[0]}"]`)).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'First page' })).toBeVisible();
  }
  expect(seen.length).toBeGreaterThan(55);
  expect(new Set(seen).size).toBe(seen.length);
  await page.getByRole('link', { name: 'First page' }).click();
  await expect(page).toHaveURL(/\/decisions$/);
  await page.goBack();
  await expect(page).toHaveURL(/[?&]after=/);
  await expect(page.locator(`a[href="${seen.at(-1)}"]`)).toBeVisible();
});
