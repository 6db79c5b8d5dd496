//! The audit page: every field narrows, what it offers can be had and holds, one by one and all at once, and evidence from
//! elsewhere is taken in as evidence only.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { alive, ask, bound, open, post, signIn, unique } from './persons';
import { verify } from './server';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/api\//));

test('every file that the audit page offers can be downloaded and holds', async ({ page }, info) => {
  test.slow();
  await signIn(page, 'erin');
  const files: string[] = [];
  for (const state of ['completed', 'failed', 'rejected', 'withdrawn', 'open']) {
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

/** Packs an archive again, with one byte more in its table. */
const EDIT = `
import sys, zipfile
old, new = zipfile.ZipFile(sys.argv[1]), zipfile.ZipFile(sys.argv[2], "w")
for entry in old.infolist():
    new.writestr(entry.filename, old.read(entry) + (b"\\n" if entry.filename == "decisions.csv" else b""))
new.close()
`;

/** How many decisions the page says that it found. */
async function found(page: Page): Promise<number> {
  const heading = page.getByRole('heading', { name: /^(\d[\d,]*|More than 2,000) decisions?, about / });
  if ((await heading.count()) === 0) return 0;
  return Number((await heading.innerText()).replace(/,/g, '').split(' ')[0]);
}

test('every field narrows what is found, stays in the address and is cleared at once', async ({ page, newPerson }) => {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const goal = unique('Auditable');
  const path = await ask(ben, { goal });
  const id = path.split('/').pop() ?? '';
  const bundle = (await (await ben.request.get(`${path}/bundle.json`)).json()) as { events: { digest: string }[] };

  await signIn(page, 'erin');
  await open(page, '/audit');
  const form = page.getByRole('search', { name: 'Search all decisions' });
  const all = await found(page);
  expect(all).toBeGreaterThan(20);
  const first = bundle.events[0].digest;
  for (const [field, value] of [
    ['Words of the goal', goal],
    ['Digest or id', id],
    ['Digest or id', `sha256:${first}`],
    ['Digest or id', first.slice(0, 12)],
  ] as const) {
    await open(page, '/audit');
    await form.getByLabel(field).fill(value);
    await form.getByRole('button', { name: 'Search' }).click();
    await expect(page.getByRole('table').getByRole('rowheader')).toHaveCount(1);
    await expect(page.getByRole('link', { name: goal })).toBeVisible();
    await expect(form.getByLabel(field)).toHaveValue(value);
    expect(new URL(page.url()).search).not.toBe('');
  }
  await page.getByRole('link', { name: 'Clear filters' }).click();
  expect(await found(page)).toBe(all);
  const narrowed: number[] = [];
  for (const [field, value] of [
    ['Person', 'ben@northwind.example'],
    ['Person', 'BEN OKAFOR'],
    ['From', new Date().toISOString().slice(0, 10)],
    ['Until', '2000-01-01'],
    ['Label', 'no such label'],
    ['Template', 'no such template'],
  ] as const) {
    await open(page, '/audit');
    await form.getByLabel(field).fill(value);
    await form.getByRole('button', { name: 'Search' }).click();
    await expect(form.getByLabel(field)).toHaveValue(value);
    narrowed.push(await found(page));
  }
  expect(narrowed[0]).toBeGreaterThan(0);
  expect(narrowed[1]).toBe(narrowed[0]);
  expect(narrowed[2]).toBeGreaterThan(0);
  for (const some of narrowed) expect(some).toBeLessThan(all);
  expect(narrowed.slice(3)).toEqual([0, 0, 0]);
  await expect(page.getByText('Nothing matches.')).toBeVisible();
  await open(page, '/audit');
  await form.getByLabel('State').selectOption('Completed');
  await form.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/state=completed/);
  for (const state of await page.getByRole('table').locator('.badge').allInnerTexts()) expect(state).toContain('Completed');
});

test('what makes no sense is said beside its field, and nothing is offered', async ({ page, complaints }) => {
  complaints.expect(/Failed to load resource: .* 422 /);
  await signIn(page, 'erin');
  await open(page, '/audit?digest=abc&text=key');
  await expect(page.getByRole('alert')).toContainText('at least 8');
  await expect(page.getByLabel('Digest or id')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Words of the goal')).toHaveValue('key');
  await expect(page.getByRole('link', { name: 'Download all' })).toHaveCount(0);
});

test('everything that was found comes as one archive, which holds without the server', async ({ page }, info) => {
  await signIn(page, 'erin');
  await open(page, '/audit?state=completed');
  const many = await found(page);
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download all' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^[\w-]+-decisions\.zip$/);
  const file = info.outputPath('one.zip');
  await download.saveAs(file);
  const href = (await page.getByRole('link', { name: 'Download all' }).getAttribute('href')) ?? '';
  const again = await page.request.get(href);
  expect(again.headers()['content-length']).toBe(String(readFileSync(file).length));
  expect(again.headers()['content-encoding']).toBeUndefined();
  expect(Buffer.compare(await again.body(), readFileSync(file)), 'the same decisions are the same bytes').toBe(0);

  const folder = info.outputPath('unpacked');
  mkdirSync(folder);
  const unpacked = spawnSync('python3', ['-m', 'zipfile', '-e', file, folder], { encoding: 'utf8' });
  expect(unpacked.status, unpacked.stderr).toBe(0);
  const sums = spawnSync('sha256sum', ['--strict', '--quiet', '-c', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' });
  expect(sums.status, sums.stdout + sums.stderr).toBe(0);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { count: number; filter: object };
  expect(manifest.count).toBe(many);
  expect(manifest.filter).toEqual({ state: 'completed' });
  const ran = verify(file);
  expect(ran.code, ran.said).toBe(0);
  const listed = JSON.parse(verify('--json', file).said) as { documents: { ok: boolean }[] }[];
  expect(listed[0].documents.length).toBe(2 * many);
  // One byte of one file, packed again: the sums say so, whoever checks.
  const edited = info.outputPath('edited.zip');
  const packed = spawnSync('python3', ['-c', EDIT, file, edited], { encoding: 'utf8' });
  expect(packed.status, packed.stderr).toBe(0);
  expect(verify(edited).code).toBe(1);
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
