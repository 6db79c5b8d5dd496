//! Templates: written once, copied, used with other values, found by label.

import { expect, test } from './fixtures';
import { alive, open, post, signIn, unique } from './persons';
import type { Page } from '@playwright/test';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/api\//));

function slug(words: string): string {
  return unique(words).replaceAll(' ', '-');
}

async function write(page: Page, name: string, fields: Record<string, string> = {}): Promise<void> {
  const went = await post(page, '/api/create_template', { name, description: 'For tests.', 'policy[min_approvals]': '1', ...fields });
  expect(went).toContain('/templates/');
}

test('a template is written, shown with its digest, and copied', async ({ page }) => {
  await signIn(page, 'dmitri');
  await open(page, '/templates');
  await page.getByRole('link', { name: 'New template' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New template' })).toBeVisible();
  await alive(page);
  const name = slug('night-deploy');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('What it is for').fill('Deploys between 22:00 and 05:00.');
  await page.getByLabel('Approvals needed').fill('3');
  await page.getByLabel('What may run').selectOption('Dry runs and real runs');
  await page.getByLabel('Most steps').fill('4');
  await page.getByLabel('Adapter must have').fill('deploy');
  await page.getByLabel('Labels').fill('night, prod');
  await page.getByLabel('May the requester approve?').selectOption('No: somebody else must approve');
  await page.getByRole('button', { name: 'Save for good' }).click();

  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const policy = page.getByRole('region', { name: 'Policy' });
  for (const line of ['Any 3 approvers other than the requester', 'Dry runs and real runs', 'At most 4 steps', 'Adapter must have: deploy', 'Labels: night, prod']) {
    await expect(policy).toContainText(line);
  }
  await expect(page.getByText('Dmitri Sokolov', { exact: true }).last()).toBeVisible();
  await expect(page.getByText(/^[0-9a-f]{64}$/)).toBeVisible();

  await page.getByRole('link', { name: 'Start from a copy' }).click();
  await expect(page.getByText('Started from a copy of')).toContainText(name);
  await alive(page);
  await expect(page.getByLabel('Name')).toHaveValue('');
  await expect(page.getByLabel('What it is for')).toHaveValue('Deploys between 22:00 and 05:00.');
  await expect(page.getByLabel('Approvals needed')).toHaveValue('3');
  await expect(page.getByLabel('Most steps')).toHaveValue('4');
  await expect(page.getByLabel('Labels')).toHaveValue('night, prod');
  await page.getByLabel('Approvals needed').fill('1');
  const copy = slug('day-deploy');
  await page.getByLabel('Name').fill(copy);
  await page.getByRole('button', { name: 'Save for good' }).click();
  await expect(page.getByRole('heading', { level: 1, name: copy })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Policy' })).toContainText('Any 1 approver other than the requester');
});

test('a name that is taken is refused and everything typed is still there', async ({ page }) => {
  await signIn(page, 'grace');
  const name = slug('taken');
  await write(page, name);
  await open(page, '/templates/new');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('What it is for').fill('Something <b>else</b>\n& more');
  await page.getByLabel('Approvals needed').fill('5');
  await page.getByLabel('Labels').fill('a, b');
  await page.getByLabel('What may run').selectOption('Real runs only');
  await page.getByRole('button', { name: 'Save for good' }).click();
  await expect(page.getByRole('alert')).toContainText(/Choose another (name|one)/);
  await alive(page);
  await expect(page.getByLabel('Name')).toHaveValue(name);
  await expect(page.getByLabel('What it is for')).toHaveValue('Something <b>else</b>\n& more');
  await expect(page.getByLabel('Approvals needed')).toHaveValue('5');
  await expect(page.getByLabel('Labels')).toHaveValue('a, b');
  await expect(page.getByLabel('What may run')).toHaveValue('apply');
  const other = slug('free');
  await page.getByLabel('Name').fill(other);
  await page.getByRole('button', { name: 'Save for good' }).click();
  await expect(page.getByRole('heading', { level: 1, name: other })).toBeVisible();
});

test('a request uses a template and says what it replaced', async ({ page }) => {
  await signIn(page, 'grace');
  const name = slug('with-rules');
  await write(page, name, { 'policy[min_approvals]': '2', 'policy[labels]': 'rules', 'policy[modes]': 'both' });
  await open(page, `/templates/${name}`);
  await page.getByRole('link', { name: 'Use it for a request' }).click();
  await expect(page.getByLabel('Policy template')).toHaveValue(name);
  await alive(page);
  const takes = page.getByRole('region', { name: 'What it will take' });
  await expect(takes).toContainText('Any 2 approvers');

  const goal = unique('Use the rules');
  await page.getByLabel('Goal').fill(goal);
  await page.getByText('Policy of this request').click();
  await page.getByLabel('Approvals needed').fill('4');
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByRole('region', { name: 'What it will take' })).toContainText('Any 4 approvers');
  await alive(page);
  await expect(page.getByLabel('Goal')).toHaveValue(goal);
  await expect(page.getByLabel('Approvals needed')).toHaveValue('4');
  await page.getByRole('button', { name: 'Ask for approval' }).click();

  await expect(page.getByRole('heading', { level: 1, name: goal })).toBeVisible();
  const policy = page.getByRole('region', { name: 'Policy', exact: true });
  await expect(policy).toContainText('Any 4 approvers');
  await expect(policy).toContainText('Replaced by the request');
  await expect(policy.getByRole('definition')).toHaveText(['4']);
  await policy.getByRole('link', { name }).click();
  await expect(page.getByText('Used 1 time.')).toBeVisible();
  await page.getByRole('link', { name: 'Decisions made from it' }).click();
  await expect(page.getByRole('link', { name: goal, exact: true })).toBeVisible();
});

test('templates are found by their label, and an unknown label has a way out', async ({ page }) => {
  await signIn(page, 'grace');
  const label = slug('label');
  const name = slug('labelled');
  await write(page, name, { 'policy[labels]': `${label}, other` });
  await open(page, '/templates');
  await page.getByLabel('Label').fill(label);
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(new RegExp(`[?&]label=${label}`));
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await expect(page.getByRole('link', { name })).toBeVisible();
  await alive(page);
  await page.getByLabel('Label').fill(`${label}-none`);
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByText('No template has this label.')).toBeVisible();
  await page.getByRole('link', { name: 'All templates' }).click();
  await expect(page.getByRole('rowheader').first()).toBeVisible();
  await expect(page.getByLabel('Label')).toHaveValue('');
});

test('whatever a template may be called, its page can be opened', async ({ page, complaints }) => {
  complaints.expect(/404/);
  await signIn(page, 'grace');
  const tail = slug('');
  const lost: string[] = [];
  for (const name of ['a/b', 'c?d', 'e#f', 'g%h', 'i%2Fj', '100%25', 'k+l', 'm&n', 'ü ö', '..', '.', 'new']) {
    const whole = /^[a-z]+$|^\.+$/.test(name) ? name : `${name}${tail}`;
    const went = await post(page, '/api/create_template', { name: whole, description: '', 'policy[min_approvals]': '1' });
    // A name that could not be opened may be refused; then it does not exist.
    if (went.startsWith('/templates/new?')) continue;
    await page.goto(went);
    const heading = await page.getByRole('heading', { level: 1 }).textContent();
    if (heading !== whole) lost.push(`${whole} leads to ${went}: ${heading}`);
  }
  expect(lost).toEqual([]);
});

test('who may not write templates is not offered it and is told why', async ({ page, complaints }) => {
  complaints.expect(/403/);
  await signIn(page, 'ben');
  await open(page, '/templates');
  await expect(page.getByRole('link', { name: 'New template' })).toHaveCount(0);
  const answer = await page.goto('/templates/new');
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole('main')).toContainText('This takes the author or admin role');
});
