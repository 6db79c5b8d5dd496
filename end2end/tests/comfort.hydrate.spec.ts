//! The pages under a finger, in colours, at a size and with a spacing of the reader's own, and without motion. Refuses
//! what scrolls sideways, loses its edge, moves by itself, or is too small to be hit.

import type { Locator } from '@playwright/test';
import { expect, test } from './fixtures';
import { ask, open, signIn, unique } from './persons';
import { routes } from './routes';

test.describe.configure({ mode: 'parallel' });

for (const who of ['alice', 'grace', 'nobody'] as const) {
  test(`at 320 px, at twice the size, in forced colours and without motion: pages of ${who}`, async ({ browser, server, newPerson }) => {
    test.setTimeout(90_000);
    const finder = await newPerson();
    await signIn(finder, 'alice');
    // A laptop of 1280 px whose reader has zoomed to 200 %.
    const context = await browser.newContext({
      baseURL: server.url,
      viewport: { width: 640, height: 400 },
      deviceScaleFactor: 2,
      forcedColors: 'active',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    if (who !== 'nobody') await signIn(page, who);
    const found: string[] = [];
    for (const { path } of (await routes(finder))[who]) {
      await open(page, path);
      found.push(...(await page.evaluate(edgeless)).map((what) => `${path}: ${what}`));
      for (const [width, spaced] of [[640, false], [320, false], [320, true]] as const) {
        await page.setViewportSize({ width, height: 400 });
        if (spaced) await page.evaluate(space);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (over > 0) found.push(`${path} scrolls sideways at ${width} px${spaced ? ', spaced' : ''}, by ${over} px`);
      }
      await page.setViewportSize({ width: 640, height: 400 });
    }
    await context.close();
    expect(found).toEqual([]);
  });
}

/** In the page: the letters, words and lines as far apart as a reader may want them. */
function space(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }');
  document.adoptedStyleSheets.push(sheet);
}

/** In the page: badges and buttons without an edge, and what moves by itself. */
function edgeless(): string[] {
  const found: string[] = [];
  for (const one of document.querySelectorAll('.badge, .mode, .button, button:not(.bare), .notice, .panel, .count, .chip')) {
    const { borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(one);
    if (borderTopStyle === 'none' || parseFloat(borderTopWidth) < 1 || borderTopColor === 'rgba(0, 0, 0, 0)') {
      found.push(`no edge: ${one.outerHTML.slice(0, 80)}`);
    }
  }
  for (const motion of document.getAnimations()) {
    const { duration } = motion.effect?.getComputedTiming() ?? {};
    if (typeof duration === 'number' && duration > 10) found.push(`moves: ${(motion as CSSAnimation).animationName ?? 'a transition'}`);
  }
  return found;
}

test('under a finger, what decides is 44 px high, and a row can be hit', async ({ browser, server, page }) => {
  await signIn(page, 'ben');
  const path = await ask(page, { goal: unique('Lift the lid'), plan: 'lift' });
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const phone = await context.newPage();
  await signIn(phone, 'carla');
  const small: string[] = [];
  const look = async (targets: Locator, least: number, name: string) => {
    expect(await targets.count(), name).toBeGreaterThan(0);
    for (const box of await targets.evaluateAll((all) => all.map((one) => [one.getBoundingClientRect().height, one.textContent] as const))) {
      if (box[0] > 0 && box[0] < least) small.push(`${name}: ${box[1]}: ${box[0]} px`);
    }
  };
  await open(phone, '/');
  await look(phone.getByRole('navigation', { name: 'Lists of the inbox' }).getByRole('link'), 44, 'tab');
  await look(phone.getByRole('rowheader').getByRole('link'), 24, 'row');
  await look(phone.locator('td.tick label'), 44, 'tick');
  await look(phone.locator('main button, main summary, main .button'), 44, 'inbox');
  await open(phone, `${path}?act=reject`);
  await look(phone.getByRole('navigation', { name: 'Decide' }).getByRole('link'), 44, 'bar');
  await look(phone.locator('main button, main summary, main .button'), 44, 'decision');
  await open(phone, `/decide?id=${path.split('/').pop()}`);
  await look(phone.locator('main button, main summary, main .button, main .take'), 44, 'several');
  await context.close();
  expect(small).toEqual([]);
});
