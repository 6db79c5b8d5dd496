//! One decision, to decide on: what will run comes first, what is missing has names, and what is approved is said by its
//! digest. Refuses a page on which somebody has to look for any of it.

import { expect, test } from './fixtures';
import { alive, approve, ask, bound, open, post, scripted, signIn, unique } from './persons';

test('who asks, what runs, what it takes and both buttons are seen without scrolling', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, {
    goal: unique('Deploy billing to production'),
    plan: '{"service": "billing", "version": "2.0.1"}',
    mode: 'apply',
    modes: 'apply',
    approvals: 2,
    capabilities: 'deploy',
  });
  await page.setViewportSize({ width: 1280, height: 720 });
  await signIn(page, 'carla');
  await open(page, path);
  const article = page.getByRole('article');
  for (const seen of [
    article.getByText('Asked by Ben Okafor'),
    article.getByText('Real run').first(),
    article.getByText('No approval yet, two needed'),
    article.getByText(/^Any 2 approvers/).first(),
    article.getByRole('group', { name: 'An argument' }).first(),
    page.getByRole('button', { name: 'Approve', exact: true }),
    page.locator('#reject > summary'),
  ]) {
    await expect(seen).toBeInViewport({ ratio: 1 });
  }
  const approveBox = await page.getByRole('button', { name: 'Approve', exact: true }).boundingBox();
  const rejectBox = await page.locator('#reject > summary').boundingBox();
  expect(Math.abs((approveBox?.y ?? 0) - (rejectBox?.y ?? 99))).toBeLessThan(2);
  expect(Math.abs((approveBox?.width ?? 0) - (rejectBox?.width ?? 99))).toBeLessThan(2);
  // In the order of the page: what runs, then what to decide.
  const headings = await article.getByRole('heading', { level: 2 }).allTextContents();
  expect(headings.slice(0, 3)).toEqual(['What exactly will run', 'Your decision', 'What is missing']);
});

test('what is missing names who could give it, and not who may not', async ({ page, newPerson }) => {
  await signIn(page, 'jonas');
  const path = await ask(page, { goal: unique('Rotate the mail keys'), approvals: 2 });
  const carla = await newPerson();
  await signIn(carla, 'carla');
  await approve(carla, path);
  await open(page, path);
  const missing = page.getByRole('region', { name: 'What is missing' });
  await expect(missing.getByRole('listitem').filter({ hasText: 'Carla Jiménez approved' })).toContainText('Done');
  const open1 = missing.getByRole('listitem').filter({ hasText: '1 more approval is needed' });
  await expect(open1).toContainText('Missing');
  await expect(open1).toContainText('Who could give it:');
  await expect(open1).toContainText('田中 博');
  await expect(open1).not.toContainText('Jonas');
  await expect(open1).not.toContainText('Carla');
});

test('a plan is compared with the last run of the same goal, line by line', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const goal = unique('Rebuild the search index');
  const first = await ask(ben, { goal, plan: '{"shards": 4, "zone": "a"}' });
  await signIn(page, 'carla');
  await open(page, first);
  const compared = page.getByRole('region', { name: 'Compared with the last run' });
  await expect(compared).toContainText('No earlier run of this goal');
  await approve(page, first);
  await post(ben, '/api/execute', { ...(await bound(ben, first)), adapter: 'simulate' });

  const second = await ask(ben, { goal, plan: '{"shards": 8, "zone": "a"}' });
  await open(page, second);
  const lines = compared.getByRole('group', { name: 'What is different from the last run' });
  await expect(lines.getByText('Removed: ').locator('xpath=..')).toContainText('"shards": 4');
  await expect(lines.getByText('Added: ').locator('xpath=..')).toContainText('"shards": 8');
  await expect(compared.getByRole('link', { name: 'Open that decision' })).toHaveAttribute('href', first);

  const third = await ask(ben, { goal, plan: '{"zone": "a", "shards": 4}' });
  await open(page, third);
  await expect(compared).toContainText('the same content but is written differently');
  const fourth = await ask(ben, { goal, plan: '{"shards": 4, "zone": "a"}' });
  await open(page, fourth);
  await expect(compared).toContainText('Nothing is different');
});

test('a form says what it binds to, and what was recorded is named with what waits next', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const next = await ask(ben, { goal: unique('Aa wait for me') });
  const path = await ask(ben, { goal: unique('Trim the logs'), approvals: 2 });
  await signIn(page, 'carla');
  await open(page, path);
  const binds = page.getByText(/^You approve [0-9a-f]{64}, as it is in version 2\.$/);
  await expect(binds).toBeVisible();
  await page.getByLabel('Comment (optional)').fill('Seen.');
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  const recorded = page.getByRole('region', { name: 'Recorded' });
  await expect(recorded).toContainText(/Recorded as event 2: you approved\. [0-9a-f]{64}/);
  await alive(page);
  const link = recorded.getByRole('link').last();
  await expect(link).toHaveAttribute('href', /^\/decisions\/.+/);
  if (scripted()) await expect(link).toBeFocused();
  // Not this one, which waits for her no more.
  await expect(link).not.toHaveAttribute('href', path);
  expect(next).toMatch(/^\/decisions\//);

  // Nobody is told that something of somebody else's was theirs.
  await open(ben, `${path}?recorded=2`);
  await expect(ben.getByRole('region', { name: 'Recorded' })).toHaveCount(0);
  await expect(ben.getByRole('heading', { level: 1 })).toBeVisible();
});

test('an event has a link, a door and a digest, and what the server did is folded', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const path = await ask(page, { goal: unique('Warm the caches') });
  const carla = await newPerson();
  await signIn(carla, 'carla');
  await approve(carla, path, 'Go.');
  await post(page, '/api/execute', { ...(await bound(page, path)), adapter: 'simulate' });
  await page.goto(`${path}#event-2`);
  await alive(page);
  const event = page.locator('#event-2');
  await expect(event).toBeInViewport();
  await expect(event).toContainText('through the pages');
  await expect(event).toContainText('Go.');
  await expect(event.getByRole('link', { name: 'Link to event 2' })).toHaveAttribute('href', '#event-2');
  expect(await event.evaluate((element) => element.matches(':target'))).toBe(true);
  await expect(event.getByText(/^[0-9a-f]{64}$/)).toBeVisible();
  const folded = page.getByText('2 entries of the server itself');
  await expect(folded).toBeVisible();
  await expect(page.getByText('Execution completed', { exact: false }).first()).toBeHidden();
  await folded.click();
  await expect(page.getByText('Execution completed', { exact: false }).first()).toBeVisible();
  await expect(page.locator('#event-5')).not.toContainText('through the');
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('not covered by the digest');
});

test('an address opens a form', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Close the old account') });
  await signIn(page, 'carla');
  await open(page, path);
  await expect(page.getByLabel('Reason', { exact: true })).toBeHidden();
  await open(page, `${path}?act=reject`);
  const reason = page.getByLabel('Reason', { exact: true });
  await expect(reason).toBeVisible();
  if (scripted()) await expect(reason).toBeFocused();
  await open(page, `${path}?act=approve`);
  await expect(reason).toBeHidden();
  if (scripted()) await expect(page.getByLabel('Comment (optional)')).toBeFocused();
});

test('on a phone both verbs stay in reach, and nothing scrolls sideways', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Widen the pipe'), plan: 'x'.repeat(300) });
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, 'carla');
  await open(page, path);
  const bar = page.getByRole('navigation', { name: 'Decide' });
  await expect(bar).toBeInViewport({ ratio: 1 });
  await expect(bar).toContainText('Waiting for approval');
  for (const name of ['Approve', 'Reject']) {
    const box = await bar.getByRole('link', { name, exact: true }).boundingBox();
    expect(box?.height ?? 0).toBeGreaterThanOrEqual(44);
  }
  await bar.getByRole('link', { name: 'Reject', exact: true }).click();
  await expect(page.getByLabel('Reason', { exact: true })).toBeVisible();
  await expect(page.getByLabel('Reason', { exact: true })).toBeInViewport();
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `${width}`).toBeLessThanOrEqual(0);
  }
});
