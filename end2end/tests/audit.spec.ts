//! The audit page: what it offers can be had and holds, and evidence from elsewhere is taken in as evidence only.

import { writeFileSync } from 'node:fs';
import { expect, test } from './fixtures';
import { alive, ask, bound, open, post, signIn, unique } from './persons';
import { verify } from './server';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/api\//));

test('every file that the audit page offers can be downloaded and holds', async ({ page }, info) => {
  test.slow();
  await signIn(page, 'erin');
  const files: string[] = [];
  for (const state of ['completed', 'failed', 'rejected', 'withdrawn']) {
    await open(page, `/audit?state=${state}`);
    const links = page.getByRole('table').getByRole('listitem').getByRole('link');
    for (const href of await links.evaluateAll((found) => found.map((one) => one.getAttribute('href') ?? ''))) {
      const answer = await page.request.get(href);
      expect.soft(answer.status(), `${state}: ${href}: ${(await answer.text()).slice(0, 200)}`).toBe(200);
      if (answer.status() !== 200 || href.endsWith('.txt')) continue;
      const file = info.outputPath(`${files.length}.json`);
      writeFileSync(file, await answer.body());
      files.push(file);
    }
  }
  expect(files.length).toBeGreaterThan(20);
  const ran = verify(...files);
  expect(ran.code, ran.said).toBe(0);
});

test('a bundle comes in as evidence once, and can never be approved or run', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const goal = unique('Evidence from elsewhere');
  const path = await ask(ben, { goal });
  const bundle = await (await ben.request.get(`${path}/bundle.json`)).text();

  await signIn(page, 'noor');
  await open(page, '/audit');
  const form = page.getByRole('region', { name: 'Import a bundle' });
  await form.getByLabel('Bundle, as JSON').fill(bundle);
  await form.getByRole('button', { name: 'Import as evidence' }).click();
  await expect(form.getByRole('alert')).toContainText(/exists/);
  await alive(page);
  // A bundle is short enough to come back, too.
  await form.getByLabel('Bundle, as JSON').fill(bundle.replaceAll('Evidence from', 'Evidence out of'));
  await form.getByRole('button', { name: 'Import as evidence' }).click();
  await expect(form.getByRole('alert')).toContainText('Nothing was recorded.');
  await alive(page);
  await form.getByLabel('Bundle, as JSON').fill(bundle);
  await form.getByLabel('If its id exists here').selectOption('Import it under a new id');
  await form.getByRole('button', { name: 'Import as evidence' }).click();
  await expect(page.getByRole('heading', { level: 1, name: goal })).toBeVisible();
  await expect(page.getByText('imported evidence')).toBeVisible();
  const copy = new URL(page.url()).pathname;
  expect(copy).not.toBe(path);

  const carla = await newPerson();
  await signIn(carla, 'carla');
  await open(carla, copy);
  await expect(carla.getByRole('button', { name: 'Approve', exact: true })).toHaveCount(0);
  await open(carla, await post(carla, '/api/approve', { ...(await bound(carla, copy)), expected_version: '2' }));
  await expect(carla.getByRole('region', { name: /^Approvals: 0 of/ })).toBeVisible();
});
