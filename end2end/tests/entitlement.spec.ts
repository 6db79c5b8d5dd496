//! What counts is decided when it runs: an approver who is suspended meanwhile does not count, and does again afterwards.

import { expect, test } from './fixtures';
import { approve, ask, bound, open, signIn, unique } from './persons';
import { openPerson } from './joining';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/api\//));

test('an approval of somebody who is suspended does not count until they are back', async ({ page, newPerson }) => {
  test.setTimeout(90_000);
  await signIn(page, 'ben');
  const path = await ask(page, { goal: unique('drain the queue'), approvals: 2 });
  const approver = await newPerson();
  for (const who of ['dmitri', 'hiroshi']) {
    await signIn(approver, who);
    await approve(approver, path);
  }
  await open(page, path);
  await expect(page.getByText('Enough approvals stand.')).toBeVisible();
  const before = await bound(page, path);

  const admin = await newPerson();
  await signIn(admin, 'noor');
  try {
    await openPerson(admin, 'hiroshi@northwind.example');
    await admin.getByRole('button', { name: 'Suspend' }).click();
    await expect(admin.locator('.badge', { hasText: 'Suspended' })).toBeVisible();

    await open(page, path);
    const why = page.getByRole('region', { name: 'What is missing' });
    await expect(why).toContainText('田中 博 is suspended');
    const approvals = page.getByRole('region', { name: 'Approvals: 1 of 2' });
    const theirs = approvals.getByRole('listitem').filter({ hasText: 'hiroshi@northwind.example' });
    await expect(theirs).toContainText('does not count');
    await expect(theirs).toContainText('田中 博 is suspended');
    await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled();

    // Whoever has the old page open gets no further.
    const { origin } = new URL(page.url());
    const answer = await page.request.post('/api/execute', {
      form: { ...before, adapter: 'simulate' },
      headers: { accept: 'application/json', origin },
    });
    expect(answer.status()).toBe(422);
    expect(await answer.text()).toContain('BLOCKED');
  } finally {
    await openPerson(admin, 'hiroshi@northwind.example');
    const back = admin.getByRole('button', { name: 'Let back in' });
    if (await back.isVisible()) await back.click();
    await expect(admin.getByRole('button', { name: 'Suspend' })).toBeVisible();
  }
  await open(page, path);
  await expect(page.getByText('Enough approvals stand.')).toBeVisible();
  await page.getByRole('button', { name: 'Start the dry run' }).click();
  await expect(page.getByRole('article')).toContainText('Completed');
});

test('an approval of somebody who lost the role does not count', async ({ page, newPerson }) => {
  test.setTimeout(60_000);
  await signIn(page, 'ben');
  const path = await ask(page, { goal: unique('resize the pool') });
  const approver = await newPerson();
  await signIn(approver, 'mei');
  await approve(approver, path);
  const admin = await newPerson();
  await signIn(admin, 'noor');
  const approverBox = admin.getByRole('region', { name: 'Roles' }).getByRole('checkbox', { name: /^Approver/ });
  await openPerson(admin, 'mei@northwind.example');
  await approverBox.uncheck();
  await admin.getByRole('button', { name: 'Save roles' }).click();
  await expect(admin.getByRole('status')).toContainText('saved');
  try {
    await open(page, path);
    const why = page.getByRole('region', { name: 'What is missing' });
    await expect(why).toContainText('Mei-Ling Zhao no longer has the approver role');
  } finally {
    await approverBox.check();
    await admin.getByRole('button', { name: 'Save roles' }).click();
    await expect(approverBox).toBeChecked();
  }
});
