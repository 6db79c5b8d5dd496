//! Templates: written once, copied, used with other values, found by label.

import { expect, test } from './fixtures';
import { alive, open, post, scripted, signIn, unique } from './persons';
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
  await expect(policy.getByRole('definition')).toHaveText(['3', 'No: somebody else must approve', 'Dry runs and real runs', '4', 'Any age', 'deploy', 'night, prod']);
  await expect(page.getByText('Any 3 approvers other than the requester; dry runs and real runs; at most 4 steps; adapter must have: deploy; labels: night, prod')).toBeVisible();
  await expect(page.getByText('Dmitri Sokolov', { exact: true }).last()).toBeVisible();
  await expect(page.getByText(/^[0-9a-f]{64}$/)).toBeVisible();

  await expect(page.getByRole('group', { name: 'The template as canonical JSON' })).toContainText(`"name":"${name}"`);

  await page.getByRole('link', { name: 'Copy to a new template' }).click();
  await expect(page.getByText('Started from a copy of')).toContainText(name);
  await alive(page);
  // A name that is free is offered.
  await expect(page.getByLabel('Name')).toHaveValue(/-\d+$/);
  await expect(page.getByRole('region', { name: 'Different from the copied one' })).toContainText('the same policy under another name');
  await expect(page.getByLabel('What it is for')).toHaveValue('Deploys between 22:00 and 05:00.');
  await expect(page.getByLabel('Approvals needed')).toHaveValue('3');
  await expect(page.getByLabel('Most steps')).toHaveValue('4');
  await expect(page.getByLabel('Labels')).toHaveValue('night, prod');
  await page.getByLabel('Approvals needed').fill('1');
  if (!scripted()) await page.getByRole('button', { name: 'Check' }).click();
  const differs = page.getByRole('region', { name: 'Different from the copied one' });
  await expect(differs.getByRole('term')).toHaveText(['Approvals needed']);
  await expect(differs.getByRole('definition')).toHaveText(/Was\s*3.*becomes\s*1/);
  const copy = slug('day-deploy');
  await page.getByLabel('Name').fill(copy);
  await page.getByRole('button', { name: 'Save for good' }).click();
  await expect(page.getByRole('heading', { level: 1, name: copy })).toBeVisible();
  await expect(page.getByText('Any 1 approver other than the requester;')).toBeVisible();
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
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('Nothing was recorded.');
  await expect(summary.getByRole('link', { name: `The name ${name} is taken` })).toContainText('Choose another name, such as');
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
  await page.getByRole('link', { name: 'Start a request' }).click();
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
  await policy.getByRole('link', { name }).click();
  await expect(page.getByText('used by 1 decision')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Used lately' }).getByRole('link', { name: goal })).toBeVisible();
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
  for (const name of ['a/b', 'c?d', 'e#f', 'g%h', 'i%2Fj', '100%25', 'k+l', 'm&n', 'ü ö', '..', '.', 'new', 'compare']) {
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

test('what is wrong stands beside its field, and above the form with links once it was sent', async ({ page }) => {
  await signIn(page, 'grace');
  await open(page, '/templates/new');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.locator('.problem:visible')).toHaveCount(0);
  await page.getByLabel('Approvals needed').fill('0');
  await page.getByLabel('Most steps').fill('many');
  const steps = page.locator('#max_steps-problem');
  if (scripted()) {
    // As it is typed: beside a field once it was left, and nothing beside one that nobody has been in.
    await page.getByLabel('Labels').focus();
    await expect(steps).toHaveText('The number of steps must be a whole number, such as 2.');
    await expect(page.getByLabel('Most steps')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.locator('#name-problem')).toBeHidden();
    await expect(page.getByRole('alert')).toHaveCount(0);
  }
  await page.getByRole('button', { name: 'Save for good' }).click();
  const summary = page.getByRole('alert');
  const links = summary.getByRole('link');
  await expect(links).toHaveText([
    'A template name has 1 to 100 characters and no control characters.',
    'At least 1 approval is needed; change the number of approvals.',
    'The number of steps must be a whole number, such as 2.',
  ]);
  if (scripted()) await expect(summary).toBeFocused();
  for (const [id, label] of [['name', 'Name'], ['min_approvals', 'Approvals needed'], ['max_steps', 'Most steps']] as const) {
    await expect(page.locator(`#${id}-problem`)).toHaveText((await links.filter({ has: page.locator(`xpath=self::a[@href="#${id}"]`) }).innerText()).trim());
    await expect(page.getByLabel(label, { exact: true })).toHaveAttribute('aria-describedby', new RegExp(`${id}-problem`));
  }
  // Everything typed is still there.
  await expect(page.getByLabel('Approvals needed')).toHaveValue('0');
  await expect(page.getByLabel('Most steps')).toHaveValue('many');
  await alive(page);
  await links.last().click();
  await expect(page.getByLabel('Most steps')).toBeFocused();
  await page.getByLabel('Most steps').fill('5');
  await page.getByLabel('Approvals needed').fill('1');
  const name = slug('put-right');
  await page.getByLabel('Name').fill(name);
  if (scripted()) await expect(steps).toBeHidden();
  await page.getByRole('button', { name: 'Save for good' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
});

test('what a template would mean is said while it is written', async ({ page }) => {
  await signIn(page, 'grace');
  await open(page, '/templates/new?copy=prod-deploy');
  const means = page.getByRole('region', { name: 'What it will mean' });
  await expect(means).toContainText(/^What it will meanAny \d approvers? other than the requester; /);
  const tried = page.getByRole('region', { name: 'Tried on what was decided' });
  await expect(tried.getByRole('listitem').first()).toContainText('nothing would have been different');
  await page.getByLabel('Approvals needed').fill('9');
  await page.getByLabel('Most steps').fill('50');
  if (!scripted()) await page.getByRole('button', { name: 'Check' }).click();
  await expect(means).toContainText('Any 9 approvers other than the requester');
  await expect(means).toContainText('at most 50 steps');
  await expect(tried.getByRole('listitem').first()).toContainText(/would have needed \d more approvals/);
  await expect(page.getByText('A template never changes; a new version is a new name.')).toBeVisible();
});

test('a quorum that today\'s members cannot meet is said before it is saved, on its page, and to whoever asks', async ({ page }) => {
  await signIn(page, 'grace');
  await open(page, '/templates/new');
  const name = slug('too-many');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Approvals needed').fill('40');
  await page.getByLabel('May the requester approve?').selectOption('yes');
  await page.getByLabel('May the requester approve?').selectOption('No: somebody else must approve');
  const figures = /It needs 40 approvers other than the requester; \d+ people have the role today\. Until more have it, no request can be approved\./;
  const means = page.getByRole('region', { name: 'What it will mean' });
  if (scripted()) {
    await expect(means).toContainText(figures);
  } else {
    // Nobody was told yet, so it is not saved at once.
    await page.getByRole('button', { name: 'Save for good' }).click();
    await expect(page.getByRole('alert')).toContainText('Save again to keep it all the same.');
    await expect(means).toContainText(figures);
    await expect(page.getByLabel('Name')).toHaveValue(name);
  }
  await page.getByRole('button', { name: 'Save for good' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(figures);
  await page.getByRole('link', { name: 'Start a request' }).click();
  await expect(page.getByRole('region', { name: 'What it will take' })).toContainText(/It needs 40 approvers other than you; \d+ (other )?(people|person) ha(ve|s) the role today/);
});

test('two templates stand beside each other, and each difference says so in a word', async ({ page, complaints }) => {
  complaints.expect(/404/);
  await signIn(page, 'ben');
  await open(page, '/templates/prod-deploy');
  const choice = page.getByLabel('Compare with');
  const other = await choice.getByRole('option').first().getAttribute('value');
  await choice.selectOption(other);
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(page).toHaveURL(/\/templates\/compare\?a=prod-deploy&b=/);
  await expect(page.getByRole('heading', { level: 1, name: 'Compare templates' })).toBeVisible();
  const rows = page.getByRole('row');
  await expect(rows.filter({ hasText: 'What it is for' })).toContainText('Differs');
  await expect(page.getByText(/^[0-9a-f]{64}$/)).toHaveCount(2);
  // The same twice, and one that is not there.
  await open(page, '/templates/compare?a=prod-deploy&b=prod-deploy');
  await expect(page.getByText('This is the same template twice.')).toBeVisible();
  await expect(page.getByText('Differs')).toHaveCount(0);
  const answer = await page.goto('/templates/compare?a=prod-deploy&b=nowhere');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('main')).toContainText('There is no template nowhere here.');
  await expect(page.getByLabel('Compared with')).toBeVisible();
});

test('whoever leaves a form with something typed in it is asked first', async ({ page }) => {
  test.skip(!scripted(), 'without scripts the browser itself keeps what was typed');
  await signIn(page, 'grace');
  for (const [path, label] of [['/templates/new', 'Name'], ['/requests/new', 'Goal']] as const) {
    await open(page, path);
    let asked = 0;
    page.removeAllListeners('dialog');
    page.on('dialog', (dialog) => {
      asked += 1;
      void (asked === 1 ? dialog.dismiss() : dialog.accept());
    });
    const inbox = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Inbox' });
    await page.getByLabel(label).click();
    await page.keyboard.type('unsaved');
    await inbox.click();
    await expect.poll(() => asked).toBe(1);
    await expect(page.getByLabel(label)).toHaveValue('unsaved');
    expect(new URL(page.url()).pathname).toBe(path);
    await inbox.click();
    await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
    expect(asked).toBe(2);
  }
  // Nothing typed, nothing asked.
  await open(page, '/templates/new');
  page.removeAllListeners('dialog');
  page.on('dialog', () => expect(true, 'nobody is asked').toBe(false));
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Inbox' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
});

test('a request says all that is wrong with it at once, and keeps what was typed', async ({ page }) => {
  await signIn(page, 'grace');
  await open(page, '/requests/new?template=nowhere-to-be-found');
  await page.getByLabel('Plan (optional)').fill('echo kept');
  await page.getByText('Policy of this request').click();
  await page.getByLabel('Approvals needed').fill('none');
  await page.getByRole('button', { name: 'Ask for approval' }).click();
  const summary = page.getByRole('alert');
  await expect(summary.getByRole('link')).toHaveText(['The goal is missing; please write it.', 'The number of approvals must be a whole number, such as 2.']);
  await expect(page.locator('#goal-problem')).toHaveText('The goal is missing; please write it.');
  await alive(page);
  await expect(page.getByLabel('Plan (optional)')).toHaveValue('echo kept');
  await expect(page.getByLabel('Approvals needed')).toHaveValue('none');
});
