//! The verify page: files are checked in the browser, every check is explained, and nothing leaves the machine.

import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { faults } from './axe';
import { expect, test } from './fixtures';
import { approve, ask, bound, open, post, signIn, unique } from './persons';

const CHOOSE = 'Choose files, or drop them here';

/** A bundle and both packages of one decision that ran, with a name each. */
async function evidence(page: Page, newPerson: () => Promise<Page>): Promise<Record<string, string>> {
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const path = await ask(ben, { goal: unique('Rehearse the restore') });
  await signIn(page, 'carla');
  await approve(page, path, 'Rehearse it before noon, please.');
  const went = await post(ben, '/api/execute', { ...(await bound(ben, path)), adapter: 'simulate' });
  expect(went.split('?')[0]).toBe(path);
  const files: Record<string, string> = {};
  for (const [name, address] of [
    ['bundle.json', 'bundle.json'],
    ['by-reference.json', 'package.json?mode=reference'],
    ['embedded.json', 'package.json?mode=embedded'],
  ] as const) {
    const answer = await page.request.get(`${path}/${address}`);
    expect(answer.status(), name).toBe(200);
    files[name] = await answer.text();
  }
  return files;
}

/** Opens the page, cuts the network off, and notes every request from then on: none is answered, and none may be sent. */
async function offline(page: Page): Promise<string[]> {
  await open(page, '/verify');
  await page.waitForLoadState('networkidle');
  const sent: string[] = [];
  page.context().on('request', (request) => sent.push(`${request.method()} ${request.url()}`));
  await page.context().setOffline(true);
  return sent;
}

async function choose(page: Page, files: Record<string, string | Buffer>): Promise<void> {
  const chosen = Object.entries(files).map(([name, text]) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) }));
  await page.getByLabel(CHOOSE).setInputFiles(chosen);
}

/** What was found about a file. */
function about(page: Page, name: string): Locator {
  return page.getByRole('article', { name, exact: true });
}

test('whole files hold, check by check, without a network', async ({ page, newPerson }) => {
  const files = await evidence(page, newPerson);
  // Without an account: anyone can.
  const stranger = await newPerson();
  const sent = await offline(stranger);
  await choose(stranger, files);
  await expect(stranger.getByRole('status')).toHaveText('3 of 3 verified.');
  const checks: Record<string, number> = { 'bundle.json': 3, 'by-reference.json': 5, 'embedded.json': 6 };
  for (const [name, count] of Object.entries(checks)) {
    const file = about(stranger, name);
    await expect(file).toContainText('Verified');
    await file.locator('summary').first().click();
    await expect(file.getByRole('heading', { level: 5 }).filter({ hasText: /Yes$/ })).toHaveCount(count);
    await expect(file.getByRole('heading', { level: 5 }).filter({ hasText: /No$/ })).toHaveCount(0);
    await expect(file).toContainText('ben@northwind.example asked for this.');
    await expect(file).toContainText('carla@northwind.example approved it.');
    await expect(file).toContainText('Rehearse it before noon, please.');
    await expect(file).toContainText('recorded that the run ended well.');
  }
  await expect(about(stranger, 'by-reference.json')).toContainText('Not in this file');
  const binding = JSON.parse(files['embedded.json'] ?? '').integrity.binding_digest;
  await expect(about(stranger, 'embedded.json')).toContainText(binding);
  expect(sent).toEqual([]);
});

test('one altered letter is found, with what was stated and what was found', async ({ page, newPerson }) => {
  const files = await evidence(page, newPerson);
  const sent = await offline(page);
  for (const [name, text] of Object.entries(files)) {
    await choose(page, { [name]: text.replaceAll('Rehearse the restore', 'Rehearse the removal') });
    const file = about(page, name);
    await expect(file).toContainText('Altered');
    await expect(file).toContainText('Do not rely on what it says.');
    await expect(file).toContainText('It may be the very thing that was changed.');
    const failed = file.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /No$/ }) });
    expect(await failed.count(), name).toBeGreaterThan(0);
    const digests = await failed.first().locator('code.digest').allTextContents();
    expect(digests).toHaveLength(2);
    expect(digests[0]).not.toBe(digests[1]);
    // The altered file may state the digest of the original: it is not offered for comparing.
    await expect(file.getByText('Binding digest')).toHaveCount(0);
  }
  await expect(page.getByRole('status')).toHaveText('0 of 3 verified, 3 altered.');
  expect(sent).toEqual([]);
});

test('what cannot be checked says why and what to do, and the page goes on', async ({ page, newPerson }) => {
  const whole = (await evidence(page, newPerson))['embedded.json'] ?? '';
  const sent = await offline(page);
  const cases: [string, string | Buffer, string, string][] = [
    ['shopping.txt', 'milk, eggs', 'Not readable', 'This is not JSON'],
    ['empty.json', '', 'Not readable', 'There is nothing in this file'],
    ['picture.json', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00]), 'Not readable', 'This is no text'],
    ['all.zip', Buffer.from('PK\u0003\u0004rest'), 'Not readable', 'This is a ZIP archive'],
    ['half.json', whole.slice(0, whole.length / 2), 'Not complete', 'The end of this file is missing'],
    ['parts.json', '{"control_bundle":{},"binding":{}}', 'Not complete', 'parts are missing'],
    ['twice.json', '{"a":1,"a":2}', 'Not readable', 'The same name stands twice'],
    ['other.json', '{"hello":"world"}', 'Not readable', 'no audit package, bundle or workspace log'],
    ['deep.json', '['.repeat(1_000_000), 'Not readable', 'nested deeper'],
    ['"><img src=x onerror=window.hit=1>.json', 'null', 'Not readable', 'no audit package'],
    ['gpj.\u202enosj.json', 'null', 'Not readable', 'no audit package'],
  ];
  await choose(page, Object.fromEntries(cases.map(([name, text]) => [name, text])));
  await expect(page.getByRole('status')).toHaveText('0 of 11 verified, 2 not complete, 9 not readable.');
  for (const [name, , verdict, words] of cases) {
    const file = about(page, name.replace('\u202e', '⟨U+202E⟩'));
    await expect(file, name).toContainText(verdict);
    await expect(file, name).toContainText(words);
  }
  // The page is still of use.
  await choose(page, { 'whole.json': whole });
  await expect(about(page, 'whole.json')).toContainText('Verified');
  await expect(page.getByRole('status')).toHaveText('1 of 12 verified, 2 not complete, 9 not readable.');
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect(page.getByRole('article')).toHaveCount(0);
  await expect(page.getByLabel(CHOOSE)).toBeFocused();
  expect(sent).toEqual([]);
  expect(await page.evaluate(() => (window as unknown as { hit?: number }).hit)).toBeUndefined();
});

test('large files: one that is too large is not read, one that is not does not freeze the page', async ({ page }) => {
  test.setTimeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'nexus-verify-'));
  try {
    const large = join(folder, 'large.json');
    const huge = join(folder, 'huge.json');
    writeFileSync(large, `{"bundle_version":"0.5","note":"${'x'.repeat(40_000_000)}"}`);
    writeFileSync(huge, Buffer.alloc(50_000_001, 0x20));
    await open(page, '/verify');
    await page.evaluate(() => {
      const seen = window as unknown as { longest: number };
      seen.longest = 0;
      let before = performance.now();
      setInterval(() => {
        const now = performance.now();
        seen.longest = Math.max(seen.longest, now - before);
        before = now;
      }, 20);
    });
    await page.getByLabel(CHOOSE).setInputFiles([huge, large]);
    await expect(about(page, 'huge.json')).toContainText('more than 50 megabytes');
    await expect(about(page, 'large.json')).toContainText('parts are missing', { timeout: 60_000 });
    // The worker does the work: the page answers all the while.
    expect(await page.evaluate(() => (window as unknown as { longest: number }).longest)).toBeLessThan(1_000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('files can be dropped, and a whole folder chosen', async ({ page, newPerson }) => {
  const files = await evidence(page, newPerson);
  const sent = await offline(page);
  const transfer = await page.evaluateHandle((texts) => {
    const data = new DataTransfer();
    for (const [name, text] of Object.entries(texts)) data.items.add(new File([text], name, { type: 'application/json' }));
    return data;
  }, files);
  const zone = page.getByRole('region', { name: 'In this browser' });
  await zone.dispatchEvent('dragover', { dataTransfer: transfer });
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
  await expect(page.getByRole('status')).toHaveText('3 of 3 verified.');
  await page.getByRole('button', { name: 'Start over' }).click();

  const folder = mkdtempSync(join(tmpdir(), 'nexus-verify-'));
  try {
    mkdirSync(join(folder, 'below'));
    writeFileSync(join(folder, 'one.json'), files['bundle.json'] ?? '');
    writeFileSync(join(folder, 'below/two.json'), files['embedded.json'] ?? '');
    writeFileSync(join(folder, 'notes.txt'), 'not for this');
    await page.getByLabel('Or all .json files of a folder').setInputFiles(folder);
    await expect(page.getByRole('status')).toHaveText('2 of 2 verified. Files whose name does not end in .json were left aside: 1.');
    await expect(page.getByRole('article').filter({ hasText: 'below/two.json' })).toContainText('Verified');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect(sent).toEqual([]);
});

test('the report on paper has everything unfolded and nothing else', async ({ page, newPerson }) => {
  const files = await evidence(page, newPerson);
  await open(page, '/verify');
  await choose(page, { ...files, 'altered.json': (files['bundle.json'] ?? '').replace('Rehearse', 'Reverse') });
  await expect(page.getByRole('status')).toHaveText('3 of 4 verified, 1 altered.');
  await page.evaluate(() => {
    const seen = window as unknown as { printed: number };
    seen.printed = 0;
    window.print = () => void (seen.printed += 1);
  });
  await page.getByRole('button', { name: 'Print or save as PDF' }).click();
  expect(await page.evaluate(() => (window as unknown as { printed: number }).printed)).toBe(1);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await expect(page.getByLabel(CHOOSE)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Print or save as PDF' })).toBeHidden();
  await expect(page.getByText('Checked on')).toBeVisible();
  await expect(page.getByText(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\) in this browser, by the rules of Nexus Control \d/)).toBeVisible();
  for (const name of Object.keys(files)) {
    await expect(about(page, name).getByText('A yes proves').first()).toBeVisible();
    await expect(about(page, name).getByText('This file, as sha256sum prints it')).toBeVisible();
  }
  await page.emulateMedia({ media: 'screen' });
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect(about(page, 'bundle.json').getByText('A yes proves').first()).toBeHidden();
});

test('nothing for axe to complain about in what was found', async ({ page, newPerson }) => {
  test.setTimeout(120_000);
  const files = await evidence(page, newPerson);
  const again = async () => {
    await open(page, '/verify');
    await choose(page, {
      'embedded.json': files['embedded.json'] ?? '',
      'altered.json': (files['bundle.json'] ?? '').replace('Rehearse', 'Reverse'),
      'half.json': '{"control_bundle":',
      [`${'a-long-name-'.repeat(12)}.json`]: 'milk',
    });
    await expect(page.getByRole('status')).toHaveText('1 of 4 verified, 1 altered, 1 not complete, 1 not readable.');
  };
  expect(await faults(page, 'verify, with findings', again)).toEqual([]);
});
