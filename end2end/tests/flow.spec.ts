//! The five steps as five people: ask, approve twice, run, read the record, take the evidence away and check it.

import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from './fixtures';
import { alive, askByHand, comeIn, open, signIn, unique } from './persons';
import { verify } from './server';

test('five people take one request from the question to the evidence', async ({ page, newPerson }, info) => {
  test.slow();
  const goal = unique('Rehearse the invoice run of November');

  // 1. Ben asks.
  await comeIn(page, /^Ben Okafor/);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'New request' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New request' })).toBeVisible();
  const path = await askByHand(page, { goal, plan: '1. load\n2. compare', approvals: 2, labels: 'invoices' });
  await expect(page.getByRole('heading', { level: 1, name: goal })).toBeVisible();
  await expect(page.getByText('Waiting for approval').first()).toBeVisible();
  await expect(page.getByText('2 more approvals are needed; 0 of 2 given.')).toBeVisible();
  await expect(page.getByRole('group', { name: 'The plan' })).toHaveText('1. load\n2. compare');

  // 2. Carla and Hiroshi approve, from their inboxes, one with an end.
  for (const [who, comment, expiry] of [
    [/^Carla Jiménez/, 'Read line by line.', 'In 1 day'],
    [/^田中 博/, 'よし。', 'Does not expire'],
  ] as const) {
    const approver = await newPerson();
    await comeIn(approver, who);
    await open(approver, `/decisions?text=${encodeURIComponent(goal)}`);
    await approver.getByRole('link', { name: goal, exact: true }).click();
    await expect(approver.getByRole('heading', { level: 1, name: goal })).toBeVisible();
    await alive(approver);
    await approver.getByLabel('Comment (optional)').fill(comment);
    await approver.getByText('Let the approval expire').click();
    await approver.getByLabel('Approval expires').selectOption(expiry);
    await approver.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect(approver.getByRole('region', { name: /^Approvals:/ })).toContainText(comment);
  }

  // 3. Ben runs it.
  await open(page, path);
  await expect(page.getByText('Enough approvals stand.')).toBeVisible();
  const approvals = page.getByRole('region', { name: 'Approvals: 2 of 2' });
  await expect(approvals.getByText('Expires', { exact: false })).toHaveCount(1);
  await page.getByLabel('Run through').selectOption('simulate');
  await page.getByRole('button', { name: 'Start the dry run' }).click();

  // 4. Everyone sees what happened.
  await expect(page.getByRole('region', { name: /^Run Completed/ })).toBeVisible();
  await expect(page.getByText('It has run already, and a decision runs once.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start the dry run' })).toHaveCount(0);
  const timeline = page.getByRole('region', { name: 'Timeline' }).getByRole('listitem');
  expect(await timeline.count()).toBeGreaterThanOrEqual(6);

  // 5. Erin takes the evidence away.
  const auditor = await newPerson();
  await comeIn(auditor, /^Erin Sullivan/);
  await open(auditor, path);
  const evidence = auditor.getByRole('region', { name: 'Evidence' });
  for (const [name, kind] of [
    ['Bundle', 'decision bundle'],
    ['Audit package', 'audit package'],
    ['Audit package with the run', 'audit package'],
  ] as const) {
    const [download] = await Promise.all([
      auditor.waitForEvent('download'),
      evidence.getByRole('link', { name, exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.json$/);
    const file = info.outputPath(`${kind}-${name}.json`.replaceAll(' ', '-'));
    await download.saveAs(file);
    const whole = verify(file);
    expect(whole.code, whole.said).toBe(0);
    expect(whole.said).toContain(kind);

    const edited = file.replace('.json', '.edited.json');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('invoice run of November');
    writeFileSync(edited, text.replaceAll('invoice run of November', 'invoice run of December'));
    const broken = verify(edited);
    expect(broken.code, broken.said).toBe(1);
    expect(broken.said).toContain('FAILED');
  }
  const [text] = await Promise.all([
    auditor.waitForEvent('download'),
    evidence.getByRole('link', { name: 'As text' }).click(),
  ]);
  const readable = info.outputPath('package.txt');
  await text.saveAs(readable);
  expect(readFileSync(readable, 'utf8')).toContain(goal);
});

test('a real run goes through a declared command and shows what it printed', async ({ page, newPerson }) => {
  await signIn(page, 'ben');
  const path = await askByHand(page, {
    goal: unique('Deploy checkout to production'),
    plan: '{"service": "checkout", "version": "7.0.1"}',
    mode: 'apply',
    modes: 'apply',
    approvals: 1,
    capabilities: 'deploy',
  });
  await expect(page.getByRole('article').getByText('Real run').first()).toBeVisible();
  await expect(page.getByRole('group', { name: 'An argument' }).last()).toHaveText('7.0.1');

  const approver = await newPerson();
  await signIn(approver, 'mei');
  await open(approver, path);
  await approver.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(approver.getByRole('region', { name: 'Approvals: 1 of 1' })).toBeVisible();

  await open(page, path);
  await page.getByRole('button', { name: 'Run it for real' }).click();
  await expect(page.getByRole('group', { name: 'Output of the run, its end' })).toContainText('3/3 checkout 7.0.1 is live');
});
