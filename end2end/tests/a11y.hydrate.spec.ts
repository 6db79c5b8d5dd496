//! axe on every page: light and dark, desk and phone. Refuses a single violation, and a page that scrolls sideways.

import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';
import { open, signIn } from './persons';
import { routes } from './routes';
import type { Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

test.describe.configure({ mode: 'parallel' });

async function violations(page: Page, where: string, builder: AxeBuilder): Promise<string[]> {
  const { violations } = await builder.analyze();
  return violations.map(({ id, nodes }) => {
    const examples = nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`);
    return `${where}: ${id} (${nodes.length}): ${examples.join(' | ')}`;
  });
}

for (const [who, half] of [['nobody', 0], ['grace', 0], ['alice', 0], ['alice', 1]] as const) {
  test(`nothing for axe to complain about: pages of ${who}, part ${half + 1}`, async ({ page, newPerson }) => {
    test.setTimeout(120_000);
    const finder = await newPerson();
    await signIn(finder, 'alice');
    if (who !== 'nobody') await signIn(page, who);
    const all = (await routes(finder))[who];
    const mine = who === 'alice' ? all.filter((_, index) => index % 2 === half) : all;
    const found: string[] = [];
    for (const { path } of mine) {
      for (const size of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
        await open(page, path);
        // What is folded away is part of the page.
        const folded = page.locator('details:not([open]) > summary');
        await folded.evaluateAll((closed) => closed.forEach((one) => (one as HTMLElement).click()));
        const where = `${path} at ${size.width}`;
        found.push(...(await violations(page, where, new AxeBuilder({ page }).withTags(TAGS))));
        // Only colours differ in the dark.
        await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
        found.push(...(await violations(page, `${where}, dark`, new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']))));
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (sideways > 0) found.push(`${where} scrolls sideways by ${sideways} px`);
      }
    }
    expect(found).toEqual([]);
  });
}
