//! What must not happen, and what people are told instead: every refusal says why and keeps what was typed.

import { expect, test } from './fixtures';
import { address, invite, join } from './joining';
import { alive, approve, ask, bound, deaf, open, post, signIn, unique } from './persons';

// A refused call answers with an error status, which the console notes.
test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/api\//));

test('nobody approves their own request, not even with a form of their own making', async ({ page }) => {
  await signIn(page, 'jonas');
  const path = await ask(page, { goal: unique('Clean up old branches') });
  await open(page, path);
  const button = page.getByRole('button', { name: 'Approve', exact: true });
  await expect(button).toBeDisabled();
  await expect(button).toHaveAccessibleDescription(/you created this request/i);

  const went = await post(page, '/api/approve', { ...(await bound(page, path)), comment: 'by myself' });
  await open(page, went);
  await expect(page.getByRole('alert')).toContainText('forbids self-approval');
  await expect(page.getByRole('region', { name: 'Approvals: 0 of 1' })).toBeVisible();
});

test('approving twice changes nothing and says so', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Compact the archive'), approvals: 2 });
  await signIn(page, 'carla');
  await approve(page, path);
  await open(page, path);
  const button = page.getByRole('button', { name: 'Approve', exact: true });
  await expect(button).toBeDisabled();
  await expect(button).toHaveAccessibleDescription(/approved this already/i);
  await open(page, await post(page, '/api/approve', { ...(await bound(page, path)) }));
  await expect(page.getByRole('alert')).toContainText('your approval stands');
  await expect(page.getByRole('region', { name: 'Approvals: 1 of 2' })).toBeVisible();
});

test('an approval can be taken back until the run starts, and given again', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Renew the wildcard certificate') });
  await signIn(page, 'carla');
  await approve(page, path);
  await open(page, path);
  await page.getByText('Take my approval back').click();
  await page.getByLabel('Reason (optional)').fill('The wrong window.');
  await page.getByRole('button', { name: 'Revoke my approval' }).click();
  const approvals = page.getByRole('region', { name: 'Approvals: 0 of 1' });
  await expect(approvals).toContainText('Taken back: The wrong window.');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Approvals: 1 of 1' })).toBeVisible();
});

test('a rejection needs a reason, keeps what was typed, and ends the decision', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Drop the audit table') });
  await signIn(page, 'carla');
  await open(page, path);
  await page.locator('#reject > summary').click();
  const reason = page.getByLabel('Reason', { exact: true });
  await page.getByRole('button', { name: 'Reject for good' }).click();
  // The browser asks for it; blanks pass there and are refused by the server.
  await expect(page.getByRole('article').getByText('Rejected', { exact: false })).toHaveCount(0);
  await reason.fill('   ');
  await page.getByRole('button', { name: 'Reject for good' }).click();
  await expect(page.getByRole('alert')).toContainText('Nothing was recorded.');
  await alive(page);
  await expect(reason).toHaveValue('   ');
  await reason.fill('Nobody needs this gone.');
  await page.getByRole('button', { name: 'Reject for good' }).click();
  await expect(page.getByText('carla@northwind.example said no.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve', exact: true })).toHaveCount(0);

  await open(ben, path);
  await expect(ben.getByRole('article')).toContainText('Nobody needs this gone.');
  const went = await post(ben, '/api/execute', { ...(await bound(page, path)), id: path.split('/')[2] ?? '', expected_version: '3', adapter: 'simulate' });
  await open(ben, went);
  await expect(ben.getByRole('region', { name: /^Run / })).toHaveCount(0);
});

test('an expiry without a time is refused and the comment stays', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Move the night batch') });
  await signIn(page, 'carla');
  await open(page, path);
  await page.getByLabel('Comment (optional)').fill('Only until the freeze.\nThen ask again.');
  await page.getByText('Let the approval expire').click();
  await page.getByLabel('Approval expires').selectOption('At the time below (UTC)');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('date and a time in UTC');
  await alive(page);
  await expect(page.getByLabel('Comment (optional)')).toHaveValue('Only until the freeze.\nThen ask again.');
  await expect(page.getByLabel('Approval expires')).toHaveValue('at');
  await page.getByLabel('Time (UTC)').fill('2020-01-01T10:00');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('past');
  await alive(page);
  await page.getByLabel('Time (UTC)').fill('2099-01-01T10:00');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  const approvals = page.getByRole('region', { name: 'Approvals: 1 of 1' });
  await expect(approvals.locator('time[datetime="2099-01-01T10:00:00+00:00"]')).toBeVisible();
});

test('only the requester withdraws, and then it is over', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const path = await ask(page, { goal: unique('Rename the cost centres') });
  const carla = await newPerson();
  await signIn(carla, 'carla');
  await open(carla, path);
  await expect(carla.getByText('Withdraw my request')).toHaveCount(0);
  await open(carla, await post(carla, '/api/withdraw', await bound(carla, path)));
  await expect(carla.getByRole('alert')).toContainText('Only the person who created the request can withdraw it');

  await open(page, path);
  await page.getByText('Withdraw my request').click();
  await page.getByLabel('Reason (optional)').fill('Not needed any more.');
  await page.getByRole('button', { name: 'Withdraw for good' }).click();
  await expect(page.getByText('ben@northwind.example took the request back.')).toBeVisible();
  await expect(page.getByRole('article')).toContainText('Not needed any more.');
});

test('who decides on a page that has grown old is told what changed and keeps their words', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Open the staging firewall'), approvals: 3 });
  await signIn(page, 'carla');
  await deaf(page);
  await open(page, path);
  await page.getByLabel('Comment (optional)').fill('Fine by me, "really" <so>.');

  const other = await newPerson();
  await signIn(other, 'mei');
  await approve(other, path, 'I was first.');

  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('This decision changed after you opened it.');
  await alive(page);
  await expect(page.getByRole('region', { name: 'Approvals: 1 of 3' })).toContainText('I was first.');
  // What came since is there, not only that something did.
  await expect(page.getByRole('main')).toContainText(/new.*(Approved|Approval)|(Approved|Approval) .*Mei/s);
  await expect(page.getByLabel('Comment (optional)')).toHaveValue('Fine by me, "really" <so>.');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Approvals: 2 of 3' })).toContainText('Fine by me, "really" <so>.');
});

for (const [deed, press] of [
  ['approval', 'Approve'],
  ['rejection', 'Reject for good'],
] as const) {
  test(`a late ${deed} of what is over is refused in words, not silently`, async ({ page, newPerson }) => {
    const ben = await newPerson();
    await signIn(ben, 'ben');
    const path = await ask(ben, { goal: unique('Shut the old data centre') });
    await signIn(page, 'carla');
    await deaf(page);
    await open(page, path);
    if (press === 'Approve') {
      await page.getByLabel('Comment (optional)').fill('Go ahead.');
    } else {
      await page.locator('#reject > summary').click();
      await page.getByLabel('Reason', { exact: true }).fill('Too early.');
    }
    const other = await newPerson();
    await signIn(other, 'mei');
    await post(other, '/api/reject', { ...(await bound(other, path)), reason: 'The lease runs on.' });

    await page.getByRole('button', { name: press, exact: true }).click();
    await expect(page.getByText('mei@northwind.example said no.')).toBeVisible();
    await expect(page.getByRole('alert')).toContainText('Nothing was recorded.');
  });
}

test('a requester does not see what others asked for', async ({ page, newPerson, complaints }) => {
  complaints.expect(/404/);
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const goal = unique('Change the salary bands');
  const path = await ask(ben, { goal });
  await signIn(page, 'kavya');
  const answer = await page.goto(path);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1, name: 'Not found' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Go to the inbox' })).toBeVisible();
  await expect(page.locator('body')).not.toContainText(goal);
  await open(page, `/decisions?text=${encodeURIComponent(goal)}`);
  await expect(page.getByText('No decision matches these filters.')).toBeVisible();
  for (const file of ['bundle.json', 'package.json', 'package.txt']) {
    expect((await page.request.get(`${path}/${file}`)).status()).toBe(404);
  }
});

test('an auditor reads everything and changes nothing', async ({ page, newPerson, complaints }) => {
  complaints.expect(/403 .*\/requests\/new/);
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Move the mail archive') });
  await signIn(page, 'erin');
  await open(page, path);
  for (const verb of ['Approve', 'Reject', 'Run']) {
    const button = page.getByRole('button', { name: verb, exact: true });
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription(/.{10,}/);
  }
  await expect(page.getByLabel('Comment (optional)')).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'New request' })).toHaveCount(0);
  await open(page, await post(page, '/api/approve', await bound(ben, path)));
  await expect(page.getByRole('region', { name: 'Approvals: 0 of 1' })).toBeVisible();
  const answer = await page.goto('/requests/new');
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole('heading', { level: 1, name: 'Not allowed' })).toBeVisible();
});

test.describe('at the door', () => {
  test.beforeEach(({ complaints }) => complaints.expect(/40[134]/));

  test('who is not signed in is asked to, and lands where they wanted to go', async ({ page, newPerson, server }) => {
    void server;
    const admin = await newPerson();
    await signIn(admin, 'noor');
    const email = address();
    await join(await newPerson(), await invite(admin, email, 'Kim Q', ['Approver']), 'a long enough secret');

    await page.goto('/decisions?state=completed&text=a%26b%20c');
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await alive(page);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill('not the right one');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('E-mail or password is wrong.');
    await alive(page);
    await expect(page.getByLabel('E-mail')).toHaveValue(email);
    await expect(page.getByLabel('Password')).toHaveValue('');
    await page.getByLabel('Password').fill('a long enough secret');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Decisions' })).toBeVisible();
    expect(new URL(page.url()).pathname).toBe('/decisions');
    expect(new URL(page.url()).searchParams.get('text')).toBe('a&b c');
    await expect(page.getByLabel('State')).toHaveValue('completed');
  });

  test('signing out ends the session, and back shows nothing', async ({ page }) => {
    await signIn(page, 'ben');
    await open(page, '/account');
    await page.locator('summary').filter({ hasText: 'Ben Okafor' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await page.goto('/account');
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  });

  test('a link to sign-in does not lead to another site', async ({ page }) => {
    for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
      const answer = await page.request.post('/sign-in', {
        form: { email: 'x@y.example', password: 'x', next },
        headers: { origin: new URL((await page.request.get('/readyz')).url()).origin },
      });
      expect(new URL(answer.url()).hostname).toBe('127.0.0.1');
    }
  });

  test('another site cannot act in a signed-in browser', async ({ page, newPerson }) => {
    const ben = await newPerson();
    await signIn(ben, 'ben');
    const path = await ask(ben, { goal: unique('Transfer the domain') });
    await signIn(page, 'carla');
    const answer = await page.request.post('/api/approve', {
      form: await bound(page, path),
      headers: { accept: 'text/html', origin: 'https://evil.example' },
      maxRedirects: 0,
    });
    expect(answer.status()).toBe(403);
  });
});
