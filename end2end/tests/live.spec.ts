//! A run while it runs: everybody sees how far it is, whoever may stops it, and it ends on the page as it ended.
//! Refuses output that is more than text, a page that moves under the reader's hand, and a view that is silently old.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faults } from './axe';
import { expect, test as base, type Server } from './fixtures';
import { alive, approve, ask, open, post, scripted, signIn, unique } from './persons';
import { emptyFolder, READY_WITHIN_MS, removeFolder, startServer } from './server';
import type { Locator, Page } from '@playwright/test';

const CONFIG = `
[[adapter]]
name = "slow"
description = "Counts, three lines a second"
command = ["/bin/sh", "-c", "i=0; while [ $i -lt $1 ]; do i=$((i+1)); echo line $i; sleep 0.3; done; echo careful >&2; exit $2", "slow", "{lines}", "{code}"]
capabilities = ["slow"]
timeout_seconds = 120
fields.lines = { type = "integer", min = 1, max = 300 }
fields.code = { type = "integer", min = 0, max = 255 }

[[adapter]]
name = "hostile"
description = "Prints what wants to be more than text"
command = ["/usr/bin/printf", '\\033[31mred\\033]0;title\\007 \\342\\200\\256txt.exe </pre><script>window.hit=1</script><img src=x onerror=window.hit=1>\\n%s', "{rest}"]
capabilities = ["hostile"]
fields.rest = { type = "text" }

[[adapter]]
name = "hostile-and-slow"
description = "The same, and stays for a while"
command = ["/bin/sh", "-c", "printf '\\\\033[31mred\\\\033]0;title\\\\007 \\\\342\\\\200\\\\256txt.exe </pre><script>window.hit=1</script><img src=x onerror=window.hit=1>\\\\n'; sleep 60"]
capabilities = ["hostile-and-slow"]
`;

// The demo's people, with commands that take their time.
const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const folder = emptyFolder();
      writeFileSync(join(folder, 'nexus-control.toml'), CONFIG);
      const server = await startServer(folder, ['serve', '--demo']);
      try {
        await use(server);
      } finally {
        await server.stop();
        removeFolder(folder);
      }
    },
    { scope: 'worker', timeout: READY_WITHIN_MS + 10_000 },
  ],
});

/** Asks as Ben, lets Carla approve, and presses the button as Ben; the decision's path. */
async function launch(page: Page, carla: Page, capability: string, plan: string): Promise<string> {
  await signIn(page, 'ben');
  await signIn(carla, 'carla');
  const goal = unique('Turn the slow wheel');
  const path = await ask(page, { goal, plan, mode: 'apply', modes: 'apply', approvals: 1, capabilities: capability });
  await approve(carla, path);
  await open(page, path);
  await page.getByRole('button', { name: 'Run it for real' }).click();
  await expect(running(page)).toBeVisible();
  return path;
}

function running(page: Page): Locator {
  return page.getByRole('region', { name: 'Run Running' });
}

function tail(page: Page): Locator {
  return page.getByRole('group', { name: 'Output of the run so far, its end' });
}

async function cancelled(page: Page, path: string): Promise<void> {
  expect(await post(page, '/api/cancel', { id: path.split('/').pop() ?? '', expected_version: '0' })).toBe(path);
}

test('a run is seen while it runs, by everybody, and then how it ended', async ({ page, newPerson }) => {
  test.slow();
  const carla = await newPerson();
  const path = await launch(page, carla, 'slow', '{"code": 3, "lines": 24}');
  await page.evaluate(() => Object.assign(window, { stayed: true }));
  await open(carla, path);
  for (const who of [page, carla]) {
    await expect(running(who)).toContainText('subprocess:slow');
    await expect(running(who)).toContainText('Started byBen Okafor');
    await expect(running(who)).toContainText('Running for');
    await expect(running(who)).toContainText('Now: /bin/sh');
    await expect(tail(who)).toContainText('line 3');
    await expect(tail(who)).toContainText('line 9');
    await expect(who.getByText('It is running now.')).toBeVisible();
  }
  for (const who of [page, carla]) {
    const outcome = who.getByRole('region', { name: 'Run Failed' });
    await expect(outcome).toBeVisible({ timeout: 15_000 });
    await expect(outcome).toContainText('The command ran and says that it failed.');
    await expect(outcome).toContainText('COMMAND_FAILED');
    await expect(outcome).toContainText('Exit code3');
    await expect(outcome).toContainText(/Took[7-9] s|Took1\d s/);
    await expect(outcome.getByText('Output of step 1')).toBeVisible();
    await expect(outcome.getByRole('group', { name: 'Output of the run, its end' })).toBeHidden();
    await outcome.getByText('Output of step 1').click();
    await expect(outcome.getByRole('group', { name: 'Output of the run, its end' })).toContainText('line 24');
    await expect(outcome.getByRole('group', { name: 'Errors that the run printed, their end' })).toHaveText('careful\n');
    await expect(who.getByRole('region', { name: 'Timeline' })).toContainText('failed');
    await expect(who.getByRole('button', { name: 'Run it for real' })).toHaveCount(0);
    await expect(who.getByRole('link', { name: 'Cancel the run' })).toHaveCount(0);
  }
  // Without scripts, the page was loaded again; with them, it never was.
  const stayed = await page.evaluate(() => (window as unknown as { stayed?: boolean }).stayed === true);
  expect(stayed).toBe(scripted());
  if (scripted()) await expect(page.getByRole('status')).toHaveText('The run has ended: Failed.');
});

test('an approver cancels a run after a second question, and the log names them', async ({ page, newPerson }) => {
  test.slow();
  const carla = await newPerson();
  const path = await launch(page, carla, 'slow', '{"code": 0, "lines": 250}');

  // An auditor reads why they may not, and is refused.
  const erin = await newPerson();
  await signIn(erin, 'erin');
  await open(erin, path);
  await expect(erin.getByRole('button', { name: 'Cancel the run' })).toBeDisabled();
  expect(await post(erin, '/api/cancel', { id: path.split('/').pop() ?? '', expected_version: '0' })).toContain('__err=');
  await expect(running(page)).toBeVisible();

  await open(carla, path);
  await carla.getByRole('link', { name: 'Cancel the run' }).click();
  await expect(carla.getByRole('group', { name: 'Cancel the run?' })).toContainText('it never runs again');
  if (scripted()) await expect(carla.getByRole('group', { name: 'Cancel the run?' })).toBeFocused();
  await carla.getByRole('link', { name: 'Let it run' }).click();
  await expect(carla.getByRole('button', { name: 'Cancel the run for good' })).toHaveCount(0);
  if (scripted()) await expect(running(carla)).toBeFocused();
  await carla.getByRole('link', { name: 'Cancel the run' }).click();
  await alive(carla);
  // Asked whether they mean it, a reader has all the time.
  await carla.waitForTimeout(scripted() ? 1_500 : 4_000);
  await carla.getByRole('button', { name: 'Cancel the run for good' }).click();
  for (const who of [carla, page]) {
    const outcome = who.getByRole('region', { name: 'Run Failed' });
    await expect(outcome).toBeVisible({ timeout: 10_000 });
    await expect(outcome).toContainText('Somebody stopped it.');
    await expect(outcome).toContainText('CANCELLED');
    await expect(outcome).toContainText('cancelled by carla@northwind.example');
  }
  // What is over cannot be cancelled again.
  expect(await post(carla, '/api/cancel', { id: path.split('/').pop() ?? '', expected_version: '0' })).toContain('__err=');
});

test('a run that prints escapes, direction marks and markup stays text', async ({ page, newPerson }) => {
  const carla = await newPerson();
  const shown = 'red⟨U+001B⟩]0;title⟨U+0007⟩ ⟨U+202E⟩txt.exe </pre><script>window.hit=1</script>';
  const inert = async () => {
    expect(await page.evaluate(() => (window as unknown as { hit?: number }).hit)).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('body').innerText()).not.toMatch(/[\u001b\u0007\u202e]/);
    await expect(page).toHaveTitle(/Turn the slow wheel/);
  };
  const path = await launch(page, carla, 'hostile-and-slow', '');
  await expect(tail(page)).toContainText(`⟨U+001B⟩[31m${shown}`);
  await inert();
  await cancelled(carla, path);
  await expect(page.getByRole('region', { name: 'Run Failed' })).toBeVisible({ timeout: 10_000 });

  const ended = await ask(page, { goal: unique('Turn the slow wheel'), plan: '{"rest": "</code>"}', mode: 'apply', modes: 'apply', approvals: 1, capabilities: 'hostile' });
  await approve(carla, ended);
  await open(page, ended);
  await page.getByRole('button', { name: 'Run it for real' }).click();
  await expect(page.getByRole('group', { name: 'Output of the run, its end' })).toContainText(shown);
  await inert();
});

test('what a gate asked for is shown as the command that it is, and started there', async ({ page, newPerson }) => {
  const carla = await newPerson();
  await signIn(page, 'ben');
  await signIn(carla, 'carla');
  const digest = `sha256:${'ab'.repeat(32)}`;
  const plan = `{"command":["./deploy.sh","--note","it's \u202e now","a b"],"files":{"deploy.sh":"${digest}"},"working_dir":"/srv/app"}`;
  const path = await ask(page, { goal: unique('Deploy from the pipeline'), plan, mode: 'apply', modes: 'apply', approvals: 1 });
  await open(carla, path);
  const what = carla.getByRole('region', { name: 'What exactly will run' });
  await expect(what).toContainText('This runs where it was asked for (gate), not on this server.');
  await expect(what.getByRole('group', { name: 'The command line' })).toHaveText("./deploy.sh --note 'it'\\''s ⟨U+202E⟩ now' 'a b'");
  await expect(what.getByRole('group', { name: 'The working folder' })).toHaveText('/srv/app');
  await expect(what).toContainText(digest);
  await expect(what.getByRole('group', { name: 'The plan' })).toBeHidden();
  await what.getByText('Plan, as it was sent').click();
  await expect(what.getByRole('group', { name: 'The plan' })).toHaveText(plan.replace('\u202e', '⟨U+202E⟩'));
  await approve(carla, path);
  await open(page, path);
  await expect(page.getByText('the gate that asked for it waits for this moment')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run it for real' })).toHaveCount(0);
  await page.getByText('If that gate waits no longer').click();
  await expect(page.getByRole('group', { name: 'The command that resumes it' })).toContainText(`nexus-control gate --decision ${path.split('/').pop()} -- ./deploy.sh`);
});

test.describe('with scripts', () => {
  test.skip(() => test.info().project.name !== 'js', 'about what the page does by itself');

  test('nothing moves while it runs, what is read stands still, and the focus stays', async ({ page, newPerson }) => {
    test.slow();
    const carla = await newPerson();
    const path = await launch(page, carla, 'slow', '{"code": 0, "lines": 250}');
    await expect(tail(page)).toContainText('line 2');
    const places = () =>
      page.locator('article :is(h1, h2, h3, a, button, pre, section)').evaluateAll((all) =>
        all.map((one) => { const box = one.getBoundingClientRect(); return [one.tagName, box.x, box.y, box.width, box.height].join(' '); }),
      );
    const before = await places();
    await page.getByRole('link', { name: 'Cancel the run' }).focus();
    await expect(tail(page)).toContainText('line 40', { timeout: 20_000 });
    expect(await places()).toEqual(before);
    await expect(page.getByRole('link', { name: 'Cancel the run' })).toBeFocused();
    // It follows its end by itself.
    await expect.poll(() => tail(page).evaluate((box) => box.scrollTop)).toBeGreaterThanOrEqual(-2);
    await tail(page).evaluate((box) => (box.scrollTop = -200));
    await expect(page.getByText('The output stands still while you read')).toBeVisible();
    const read = await tail(page).textContent();
    await page.waitForTimeout(2_500);
    expect(await tail(page).textContent()).toBe(read);
    await tail(page).evaluate((box) => (box.scrollTop = 0));
    await expect.poll(() => tail(page).textContent()).not.toBe(read);
    // The link is gone with the run: the focus goes to the outcome, not to the top of the page.
    await page.getByRole('link', { name: 'Cancel the run' }).focus();
    await cancelled(carla, path);
    await expect(page.getByRole('region', { name: 'Run Failed' })).toBeFocused({ timeout: 10_000 });
  });

  test('a page that cannot ask says so, and goes on when it can', async ({ page, newPerson, complaints }) => {
    test.slow();
    complaints.expect(/Failed to load resource/);
    const carla = await newPerson();
    const path = await launch(page, carla, 'slow', '{"code": 0, "lines": 250}');
    await expect(tail(page)).toContainText('line 2');
    await page.route('**/api/load', (route) => route.abort());
    await expect(running(page)).toContainText('Not live. The server was not reached');
    await page.unroute('**/api/load');
    await expect(running(page)).not.toContainText('Not live.', { timeout: 15_000 });
    const asked: number[] = [];
    page.on('request', (request) => { if (request.url().endsWith('/api/load')) asked.push(Date.now()); });
    await page.waitForTimeout(4_000);
    expect(asked.length).toBeGreaterThanOrEqual(2);
    expect(asked.length).toBeLessThanOrEqual(5);
    // Nobody looks: nobody asks.
    await page.evaluate(() => Object.defineProperty(document, 'hidden', { configurable: true, get: () => true }));
    await page.waitForTimeout(1_500);
    asked.length = 0;
    await page.waitForTimeout(2_500);
    expect(asked).toEqual([]);
    await cancelled(carla, path);
  });

  test('nothing for axe to complain about while it runs', async ({ page, newPerson }) => {
    test.setTimeout(120_000);
    const carla = await newPerson();
    const path = await launch(page, carla, 'slow', '{"code": 0, "lines": 300}');
    const found = [
      ...(await faults(page, 'live', () => open(page, path))),
      ...(await faults(page, 'cancel', () => open(page, `${path}?cancel=1`))),
    ];
    await expect(running(page)).toBeVisible();
    await cancelled(carla, path);
    await expect(page.getByRole('region', { name: 'Run Failed' })).toBeVisible({ timeout: 10_000 });
    found.push(...(await faults(page, 'ended', () => open(page, path))));
    expect(found).toEqual([]);
  });
});
