//! Text that wants to be more than text, stored in every field that stores text and read on every page by others.
//! Nothing of it may run, nothing may be lost, and nothing that cannot be seen may hide.

import { expect, test } from './fixtures';
import { alive, ask, askByHand, bound, open, post, signIn, unique } from './persons';
import { fillInvitation, join } from './joining';
import { emptyFolder, removeFolder, startServer } from './server';
import type { Page } from '@playwright/test';

test.beforeEach(({ complaints }) => complaints.expect(/Failed to load resource: .* \(http:\/\/[^)]*\/(api|nothing|join)/));

const BREAKERS = [
  '</textarea><script>window.hit=1</script>',
  '</title><script>window.hit=1</script>',
  '"><img src=x onerror="window.hit=1">',
  "'; window.hit=1; '",
  '{{7*7}} ${window.hit=1} <!-- --> ]]> &lt;b&gt; &amp;amp; 100%25 %s',
];
const RTL = '\u202etxt.exe\u202c';
const UNSEEN = 'a\u200bb\u2066c\u2069\ufeffd';

/** All of it in one line. */
const LINE = `${BREAKERS.join(' ')} ${RTL} ${UNSEEN}`;
/** As pages show it: a mark for each character that nobody could see. */
function shown(text: string): string {
  return text.replace(/[\u200b\u202c\u202e\u2066\u2069\ufeff]/g, (one) => `⟨U+${one.codePointAt(0)?.toString(16).toUpperCase()}⟩`);
}
function filled(to: number): string {
  const start = `${LINE} `;
  return (start + 'wW'.repeat(to)).slice(0, to);
}

async function harmless(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await alive(page);
  expect(await page.evaluate(() => (window as unknown as { hit?: number }).hit), path).toBeUndefined();
  expect(await page.locator('img').count(), path).toBe(0);
  // Raw direction marks reach no text, title or attribute that is shown.
  const raw = /[\u202a-\u202e\u2066-\u2069\u200b\ufeff]/;
  expect(await page.locator('body').innerText(), path).not.toMatch(raw);
  expect(await page.title(), path).not.toMatch(raw);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
}

test('hostile text in every field of a decision is text on every page', async ({ page, newPerson }) => {
  test.setTimeout(120_000);
  const ben = await newPerson();
  await signIn(ben, 'ben');
  const word = unique('q').split(' ')[1] ?? '';
  const goal = filled(3_900) + ` ${word}`;
  const plan = `${LINE}\n\n\ttabbed\n${'x'.repeat(4_000)}`;
  const label = `"><script>window.hit=1</script>${RTL}${word}`;
  const path = await askByHand(ben, { goal, plan, approvals: 2, labels: `${label}, two` });
  const capable = await ask(ben, { goal: `${BREAKERS[0]} ${word}`, capabilities: `"><script>window.hit=1</script>` });
  const ended = await ask(ben, { goal: `${BREAKERS[2]} ${word} ended` });
  const taken = await ask(ben, { goal: `${BREAKERS[1]} ${word} taken back` });

  const carla = await newPerson();
  await signIn(carla, 'carla');
  await open(carla, path);
  await carla.getByLabel('Comment (optional)').fill(filled(4_000));
  await carla.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(carla.getByRole('region', { name: 'Approvals: 1 of 2' })).toContainText(shown(BREAKERS[0] ?? ''));
  await alive(carla);
  await carla.getByText('Take my approval back').click();
  await carla.getByLabel('Reason (optional)').fill(LINE);
  await carla.getByRole('button', { name: 'Revoke my approval' }).click();
  await expect(carla.getByRole('region', { name: 'Approvals: 0 of 2' })).toContainText(shown(LINE));
  await post(carla, '/api/reject', { ...(await bound(carla, ended)), reason: LINE });
  await post(ben, '/api/withdraw', { ...(await bound(ben, taken)), reason: LINE });

  await page.setViewportSize({ width: 390, height: 844 });
  for (const who of ['mei', 'ben']) {
    await signIn(page, who);
    for (const one of [path, capable, ended, taken, '/', `/decisions?text=${word}`, `/decisions?label=${encodeURIComponent(label)}`, '/audit?state=rejected', '/audit?state=withdrawn']) {
      await harmless(page, one);
    }
  }
  // Literally, with marks, whole.
  await open(page, path);
  await expect(page.getByRole('group', { name: 'The goal' })).toHaveText(shown(goal));
  expect(await page.getByRole('group', { name: 'The plan' }).textContent()).toBe(shown(plan));
  expect(await page.getByRole('group', { name: 'The plan' }).getByTitle('A character that would not be visible').count()).toBe(6);
  await expect(page.getByRole('article')).toContainText(shown(label));
  await open(page, ended);
  await expect(page.getByRole('article')).toContainText(shown(LINE));
  await open(page, taken);
  await expect(page.getByRole('article')).toContainText(shown(LINE));
});

test('hostile text that comes back in a form is the very same text', async ({ page, complaints }) => {
  // A copy of nothing and a state that is none are refused as pages.
  complaints.expect(/(404|422) .*\/(templates|decisions|audit)/);
  await signIn(page, 'ben');
  await page.setViewportSize({ width: 390, height: 844 });
  const query = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
  await harmless(page, `/requests/new?${query({ goal: LINE, plan: `\n${LINE}`, labels: LINE, capabilities: LINE, min_approvals: LINE, mode: LINE, template: LINE, lost: '1', __err: LINE, __path: '/api/request' })}`);
  await expect(page.getByLabel('Goal')).toHaveValue(LINE);
  await expect(page.getByLabel('Plan (optional)')).toHaveValue(`\n${LINE}`);
  await expect(page.getByLabel('Labels')).toHaveValue(LINE);
  await signIn(page, 'dmitri');
  await harmless(page, `/templates/new?${query({ name: LINE, description: LINE, labels: LINE, copy: LINE })}`);
  await harmless(page, `/templates?${query({ label: LINE })}`);
  await harmless(page, `/decisions?${query({ text: LINE, person: LINE, label: LINE, template: LINE })}`);
  await harmless(page, `/decisions?${query({ state: LINE, from: LINE })}`);
  await harmless(page, `/sign-in?${query({ error: LINE, email: LINE, next: LINE })}`);
  await harmless(page, `/set-up?${query({ error: LINE, token: LINE, workspace: LINE, name: LINE, email: LINE })}`);
  await harmless(page, `/nothing/${encodeURIComponent(LINE)}`);
  await harmless(page, `/audit?${query({ state: LINE, conflict: LINE })}`);
  await harmless(page, `/account?${query({ done: LINE, name: LINE, error: LINE, setup: LINE, __err: LINE, __path: '/api/rename' })}`);
  await signIn(page, 'noor');
  await harmless(page, `/people?${query({ q: LINE, page: LINE, done: LINE, email: LINE, name: LINE, roles: LINE, __err: LINE, __path: '/api/invite' })}`);
  await harmless(page, `/people/prs_northwind_ben?${query({ done: LINE, __err: LINE, __path: '/api/set_roles' })}`);
  await harmless(page, `/keys?${query({ state: LINE, page: LINE, done: LINE, name: LINE, scopes: LINE, days: LINE, __err: LINE, __path: '/api/create_key' })}`);
  await harmless(page, `/settings?${query({ workspace: LINE, name: LINE, done: LINE, __err: LINE, __path: '/api/rename_workspace' })}`);
  await harmless(page, `/log?${query({ before: LINE })}`);
  await harmless(page, `/overview?${query({ days: LINE })}`);
  await harmless(page, `/sign-in/again?${query({ error: LINE, next: LINE })}`);
  await harmless(page, `/sign-in/code?${query({ state: LINE, error: LINE, next: LINE })}`);
  await harmless(page, `/join?${query({ token: LINE, name: LINE, error: LINE })}`);
});

test('hostile text in templates is text on every page', async ({ page, newPerson }) => {
  const dmitri = await newPerson();
  await signIn(dmitri, 'dmitri');
  const word = unique('q').split(' ')[1] ?? '';
  // What an address cannot hold is refused in a name; the rest of the arsenal is not.
  const name = `${word}<script>window.hit=1<script>"><img src=x onerror=window.hit=1>&amp;..<i>`;
  await open(dmitri, '/templates/new');
  await dmitri.getByLabel('Name').fill(name);
  await dmitri.getByLabel('What it is for').fill(filled(1_900));
  await dmitri.getByLabel('Labels').fill(`${word}">`);
  await dmitri.getByLabel('Adapter must have').fill(`</textarea><script>window.hit=1</script>`);
  await dmitri.getByRole('button', { name: 'Save for good' }).click();
  await expect(dmitri.getByRole('heading', { level: 1, name })).toBeVisible();
  const own = new URL(dmitri.url()).pathname;

  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, 'grace');
  const decision = await ask(page, { goal: `From a hostile template ${word}`, template: name });
  for (const path of [own, '/templates', `/templates?label=${encodeURIComponent(`${word}">`)}`, '/templates/new?copy=' + encodeURIComponent(name), '/requests/new?template=' + encodeURIComponent(name), decision, '/decisions?template=' + encodeURIComponent(name)]) {
    await harmless(page, path);
  }
  await open(page, own);
  await expect(page.getByRole('article')).toContainText(shown(filled(1_900)).slice(0, 300));
  await page.getByRole('link', { name: 'Decisions made from it' }).click();
  await expect(page.getByRole('link', { name: `From a hostile template ${word}`, exact: true })).toBeVisible();
  await open(page, decision);
  await page.getByRole('region', { name: 'Policy', exact: true }).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
});

test('hostile names of people and of the workspace are text on every page', async ({ page, newPerson }) => {
  test.setTimeout(120_000);
  const folder = emptyFolder();
  const server = await startServer(folder, ['serve']);
  try {
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => server.log()).toMatch(/\/set-up\?token=\S+/);
    await page.goto(/http:\S+\/set-up\?token=\S+/.exec(server.log())?.[0] ?? '');
    await alive(page);
    const workspace = '</title><script>window.hit=1</script>"><img src=x onerror=window.hit=1>';
    const name = '"><img src=x onerror="window.hit=1"></textarea><script>window.hit=1</script>';
    await page.getByLabel('Name of the workspace').fill(workspace);
    await page.getByLabel('Your name').fill(name);
    await page.getByLabel('Your e-mail').fill('a@b.example');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
    const base = server.url;
    await page.goto(`${base}/requests/new`);
    await alive(page);
    await page.getByLabel('Goal').fill(BREAKERS[1] ?? '');
    await page.getByRole('button', { name: 'Ask for approval' }).click();
    await expect(page.getByRole('heading', { level: 1, name: BREAKERS[1] ?? '' })).toBeVisible();
    const decision = page.url();

    await page.goto(`${base}/people`);
    await alive(page);
    await fillInvitation(page, 'c@d.example', name, ['Approver', 'Author']);
    await expect(page.getByRole('heading', { level: 1, name: 'Invitation' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText(name);
    const link = await page.getByLabel('Link').inputValue();
    await harmless(page, `${base}/people`);

    const other = await newPerson();
    await other.setViewportSize({ width: 390, height: 844 });
    await join(other, link);
    await other.goto(decision);
    await alive(other);
    await other.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect(other.getByRole('region', { name: 'Approvals: 1 of 1' })).toContainText(name);
    for (const path of ['/keys', '/settings', '/log', '/overview']) await harmless(page, base + path);
    for (const who of [page, other]) {
      for (const path of ['/', '/decisions', decision.slice(base.length), '/requests/new', '/templates', '/templates/new', '/audit', '/verify', '/people', '/account']) {
        await harmless(who, base + path);
      }
      await expect(who.getByRole('main')).toContainText(workspace);
    }
  } finally {
    await server.stop();
    removeFolder(folder);
  }
});
