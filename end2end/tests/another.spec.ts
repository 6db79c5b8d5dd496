//! Two people in one browser, one after the other: a page that was made for the first decides nothing as the second.

import { expect, test } from './fixtures';
import { ask, bound, deaf, open, post, scripted, signIn, unique } from './persons';

test('a page that was made for somebody else decides nothing, says so, and keeps what was typed', async ({ page, newPerson, complaints }) => {
  complaints.expect(/Failed to load resource: .* 422/);
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Rotate the keys'), approvals: 2 });
  await signIn(page, 'carla');
  await deaf(page);
  await open(page, path);
  await page.getByLabel('Comment (optional)').fill('I have read it.');
  // In another tab of the same browser.
  await signIn(page, 'jonas');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(page.getByRole('alert').first()).toContainText(/made for somebody else/);
  await expect(page.getByRole('alert').first()).toContainText('Nothing was recorded.');
  await expect(page.getByLabel('Comment (optional)')).toHaveValue('I have read it.');
  await open(page, path);
  await expect(page.getByText('No approval yet, two needed').first()).toBeVisible();
});

test('neither does the page on which several are decided', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Rotate the keys'), approvals: 2 });
  await signIn(page, 'carla');
  await open(page, `/decide?id=${path.split('/').pop() ?? ''}`);
  await page.getByRole('checkbox').first().check();
  await signIn(page, 'jonas');
  await page.getByRole('button', { name: 'Approve the ticked ones' }).click();
  await expect(page.getByRole('alert')).toContainText(/made for somebody else/);
  await open(page, path);
  await expect(page.getByText('No approval yet, two needed').first()).toBeVisible();
});

test('no act of a decision is done for another than its page was made for', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  await signIn(page, 'carla');
  const [kept, ended] = [await ask(ben, { goal: unique('Keep it') }), await ask(ben, { goal: unique('End it') })];
  const acts = [
    { who: page, on: kept, act: 'approve', more: { comment: '' } },
    { who: page, on: kept, act: 'revoke', more: { reason: 'not yet' } },
    { who: page, on: kept, act: 'approve', more: { comment: 'now' } },
    { who: ben, on: kept, act: 'execute', more: { adapter: 'simulate' } },
    { who: page, on: ended, act: 'reject', more: { reason: 'no' } },
  ];
  const others = await ask(ben, { goal: unique('Take it back') });
  acts.push({ who: ben, on: others, act: 'withdraw', more: { reason: 'no need' } });
  for (const { who, on, act, more } of acts) {
    const seen = await bound(who, on);
    const refused = await post(who, `/api/${act}`, { ...seen, ...more, reader: 'jonas@northwind.example' });
    expect(refused, `${act} for another`).toContain('__err=');
    expect((await bound(who, on)).expected_version || seen.expected_version).toBe(seen.expected_version);
    const own = who === ben ? 'ben@northwind.example' : 'carla@northwind.example';
    const done = await post(who, `/api/${act}`, { ...seen, ...more, reader: own });
    expect(done, `${act} for oneself, on the same version`).toContain(`?recorded=${seen.expected_version}`);
  }
});

for (const [what, words] of [
  ['a session that ended', 'Your session has ended.'],
  ['a network that is gone', 'The server was not reached'],
] as const) {
  test(`${what} takes nothing away that was typed`, async ({ page, newPerson, complaints }) => {
    test.skip(!scripted(), 'without scripts the browser itself shows what it got');
    complaints.expect(/Failed to load resource|ERR_INTERNET_DISCONNECTED/);
    const ben = await newPerson();
    await signIn(ben, 'ben');
    const path = await ask(ben, { goal: unique('Rotate the keys'), approvals: 2 });
    await signIn(page, 'carla');
    await deaf(page);
    await open(page, path);
    await page.getByLabel('Comment (optional)').fill('I have read it.');
    if (what === 'a session that ended') await page.context().clearCookies();
    else await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect(page.getByRole('alert').first()).toContainText(words);
    await expect(page.getByLabel('Comment (optional)')).toHaveValue('I have read it.');
    // Back again, the same click is enough.
    await page.context().setOffline(false);
    await signIn(page, 'carla');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect(page.getByText(/Recorded as event/)).toBeVisible();
    await expect(page.getByRole('region', { name: /^Approvals:/ })).toContainText('I have read it.');
  });
}
