//! What people do again and again in these tests, the way people do it: by roles and labels.
//! Refuses to go on before a page is alive: what is typed earlier would test the browser, not the product.

import { expect, test, type Page } from '@playwright/test';

/** Whether this project runs the page's scripts. */
export function scripted(): boolean {
  return test.info().project.name === 'js';
}

/** Waits until the page answers to clicks: at once where there are no scripts, and on plain pages, which have none. */
export async function alive(page: Page): Promise<void> {
  if (scripted()) await expect(page.locator('html[data-hydrated="1"], html:not(:has(script))')).toHaveCount(1);
}

/** Opens an address by hand. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await alive(page);
}

/** Signs a browser in as somebody of the demo, such as `ben`. */
export async function signIn(page: Page, who: string): Promise<void> {
  const { origin } = await home(page);
  const answer = await page.request.post('/demo-sign-in', {
    form: { actor_id: `${who}@northwind.example` },
    headers: { origin },
    maxRedirects: 0,
  });
  expect(answer.status(), await answer.text()).toBe(303);
}

/** Signs in by hand and stands on the inbox afterwards. */
export async function comeIn(page: Page, who: RegExp): Promise<void> {
  await open(page, '/sign-in');
  const person = page.getByLabel('Person');
  const option = await person.getByRole('option', { name: who }).getAttribute('value');
  await person.selectOption(option);
  await page.getByRole('button', { name: 'Come in' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  await alive(page);
}

/** What a request says; everything else is as the form has it. */
export interface Asked {
  goal: string;
  plan?: string;
  mode?: 'dry_run' | 'apply';
  template?: string;
  approvals?: number;
  modes?: string;
  capabilities?: string;
  maxSteps?: string;
  labels?: string;
  forbidSelf?: string;
  signInAge?: string;
}

/** Asks by hand, as whoever is signed in; returns the decision's path. */
export async function askByHand(page: Page, asked: Asked): Promise<string> {
  await open(page, '/requests/new');
  await page.getByLabel('Goal').fill(asked.goal);
  if (asked.plan !== undefined) await page.getByLabel('Plan (optional)').fill(asked.plan);
  if (asked.mode) await page.getByLabel('Mode').selectOption(asked.mode);
  if (asked.template) await page.getByLabel('Policy template').selectOption(asked.template);
  await page.getByText('Policy of this request').click();
  if (asked.approvals) await page.getByLabel('Approvals needed').fill(String(asked.approvals));
  if (asked.modes) await page.getByLabel('What may run').selectOption(asked.modes);
  if (asked.capabilities) await page.getByLabel('Adapter must have').fill(asked.capabilities);
  if (asked.maxSteps) await page.getByLabel('Most steps').fill(asked.maxSteps);
  if (asked.signInAge) await page.getByLabel('Sign-in not older than (minutes)').fill(asked.signInAge);
  if (asked.labels) await page.getByLabel('Labels').fill(asked.labels);
  await page.getByRole('button', { name: 'Ask for approval' }).click();
  await page.waitForURL(/\/decisions\/[^/]+$/);
  await alive(page);
  return new URL(page.url()).pathname;
}

/** The same as a form post, for tests that are about what comes afterwards. */
export async function ask(page: Page, asked: Asked): Promise<string> {
  const form: Record<string, string> = {
    'form[goal]': asked.goal,
    'form[plan]': asked.plan ?? '',
    'form[mode]': asked.mode ?? 'dry_run',
    'form[template]': asked.template ?? '',
    'policy[min_approvals]': asked.approvals === undefined ? '' : String(asked.approvals),
    'policy[modes]': asked.modes ?? '',
    'policy[capabilities]': asked.capabilities ?? '',
    'policy[max_steps]': asked.maxSteps ?? '',
    'policy[labels]': asked.labels ?? '',
    'policy[forbid_self]': asked.forbidSelf ?? '',
    'policy[max_sign_in_age]': asked.signInAge ?? '',
  };
  const went = await post(page, '/api/request', form);
  expect(went, 'the request was accepted').toMatch(/^\/decisions\/[^/?]+$/);
  return went;
}

/** Approves as a form post, on the decision's present version. */
export async function approve(page: Page, path: string, comment = ''): Promise<void> {
  const seen = await bound(page, path);
  const went = await post(page, '/api/approve', { ...seen, comment });
  expect(went, 'the approval was accepted').toBe(`${path}?recorded=${seen.expected_version}`);
}

/** Id and version of a decision as its page has them. */
export async function bound(page: Page, path: string): Promise<{ id: string; expected_version: string }> {
  const answer = await page.request.get(path, { headers: { accept: 'text/html' } });
  const version = /name="expected_version" value="(\d+)"/.exec(await answer.text())?.[1] ?? '';
  return { id: path.split('/').pop() ?? '', expected_version: version };
}

/** Posts a form as a browser without scripts would; returns where it is sent, as path and query. */
export async function post(page: Page, path: string, form: Record<string, string>): Promise<string> {
  const base = await home(page);
  const answer = await page.request.post(path, {
    form,
    headers: { accept: 'text/html', origin: base.origin, referer: `${base.origin}/` },
    maxRedirects: 0,
  });
  expect(answer.status(), await answer.text()).toBe(302);
  const to = new URL(answer.headers()['location'] ?? '', base);
  return to.pathname + to.search;
}

/** Lets the page hear nothing of what others do: it grows old without knowing. */
export async function deaf(page: Page): Promise<void> {
  await page.route('**/live?decision=*', (route) => route.fulfill({ status: 204, body: '' }));
}

/** A text that no other test uses. */
export function unique(words: string): string {
  return `${words} ${Math.random().toString(36).slice(2, 10)}`;
}

async function home(page: Page): Promise<URL> {
  const ready = await page.request.get('/readyz');
  return new URL('/', ready.url());
}
