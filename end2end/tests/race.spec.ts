//! Two at the same moment: one run, one event, and both are told the same.

import { expect, test } from './fixtures';
import { approve, ask, deaf, open, signIn, unique } from './persons';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/api\//));

test('two browsers start the same run: it runs once, and both see how it ended', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const path = await ask(page, { goal: unique('Deploy pricing'), plan: '{"service": "pricing", "version": "4.2.0"}', mode: 'apply', modes: 'apply', capabilities: 'deploy' });
  const carla = await newPerson();
  await signIn(carla, 'carla');
  await approve(carla, path);
  const second = await newPerson();
  await signIn(second, 'dmitri');
  // Neither hears of the other in time.
  await deaf(page);
  await deaf(second);
  await open(page, path);
  await open(second, path);

  const run = (who: typeof page) => who.getByRole('button', { name: 'Run it for real' }).click();
  await Promise.all([run(page), run(second)]);
  for (const who of [page, second]) {
    await expect(who.getByRole('region', { name: /^Run Completed/ })).toBeVisible();
  }
  const ids = [];
  for (const who of [page, second]) {
    await open(who, path);
    const timeline = who.getByRole('region', { name: 'Timeline' });
    await expect(timeline.getByText('Execution started', { exact: true })).toHaveCount(1);
    ids.push(await who.getByRole('region', { name: /^Run / }).getByText(/^[0-9a-z-]{20,}$/).first().textContent());
  }
  expect(ids[0]).toBe(ids[1]);
});

test('a double click starts one run', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const path = await ask(page, { goal: unique('Rehearse the failover') });
  const carla = await newPerson();
  await signIn(carla, 'carla');
  await approve(carla, path);
  await open(page, path);
  await page.getByLabel('Run through').selectOption('simulate');
  await page.getByRole('button', { name: 'Start the dry run' }).dblclick();
  await expect(page.getByRole('region', { name: /^Run Completed/ })).toBeVisible();
  await open(page, path);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Timeline' }).getByText('Execution started', { exact: true })).toHaveCount(1);
});

test('a double click approves once, and says nothing went wrong', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Rotate the spare key'), approvals: 2 });
  await signIn(page, 'carla');
  await open(page, path);
  await page.getByLabel('Comment (optional)').fill('Once.');
  await page.getByRole('button', { name: 'Approve', exact: true }).dblclick();
  await expect(page.getByRole('region', { name: 'Approvals: 1 of 2' })).toContainText('Once.');
  await open(page, path);
  await expect(page.getByRole('region', { name: 'Approvals: 1 of 2' })).toContainText('Once.');
});
