//! axe on the page that is open: desk and phone, light and dark, with everything unfolded.
//! Refuses a single violation, and a page that scrolls sideways.

import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const SIZES = [DESK, PHONE];

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

/** The same for a state of a page whose rest is looked at by itself: at a desk in light, on a phone in the dark. It is
 *  the state that `shown` stands for, before and afterwards. */
export async function faultsOfState(page: Page, name: string, shown: Locator): Promise<string[]> {
  const found: string[] = [];
  for (const [colorScheme, size] of [['light', DESK], ['dark', PHONE]] as const) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(shown.first(), name).toBeVisible();
    found.push(...(await violations(`${name}, ${colorScheme}`, new AxeBuilder({ page }).withTags(TAGS))));
    await expect(shown.first(), name).toBeVisible();
  }
  await page.setViewportSize(DESK);
  return found;
}

async function violations(where: string, builder: AxeBuilder): Promise<string[]> {
  const { violations } = await builder.analyze();
  return violations.map(({ id, nodes }) => {
    const examples = nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`);
    return `${where}: ${id} (${nodes.length}): ${examples.join(' | ')}`;
  });
}
