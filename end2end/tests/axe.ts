//! axe on the page that is open: desk and phone, light and dark, with everything unfolded.
//! Refuses a single violation, and a page that scrolls sideways.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SIZES = [{ width: 1280, height: 800 }, { width: 390, height: 844 }];

/** What is wrong with the page at every size and in both colours, one line each. `again` opens it anew. */
export async function faults(page: Page, name: string, again?: () => Promise<void>): Promise<string[]> {
  const found: string[] = [];
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    if (again) await again();
    // What is folded away is part of the page.
    const folded = page.locator('details:not([open]) > summary');
    await folded.evaluateAll((closed) => closed.forEach((one) => (one as HTMLElement).click()));
    const where = `${name} at ${size.width}`;
    found.push(...(await violations(where, new AxeBuilder({ page }).withTags(TAGS))));
    // Only colours differ in the dark.
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    const colours = new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']);
    found.push(...(await violations(`${where}, dark`, colours)));
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (sideways > 0) found.push(`${where} scrolls sideways by ${sideways} px`);
  }
  return found;
}

async function violations(where: string, builder: AxeBuilder): Promise<string[]> {
  const { violations } = await builder.analyze();
  return violations.map(({ id, nodes }) => {
    const examples = nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`);
    return `${where}: ${id} (${nodes.length}): ${examples.join(' | ')}`;
  });
}
