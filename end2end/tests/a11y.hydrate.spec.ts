//! axe on every page that somebody can open: light and dark, desk and phone.
//! Refuses a single violation, and a page that scrolls sideways.

import { faults } from './axe';
import { expect, test } from './fixtures';
import { open, signIn } from './persons';
import { routes } from './routes';

test.describe.configure({ mode: 'parallel' });

for (const [who, half] of [['nobody', 0], ['grace', 0], ['alice', 0], ['alice', 1]] as const) {
  test(`nothing for axe to complain about: pages of ${who}, part ${half + 1}`, async ({ page, newPerson }) => {
    test.setTimeout(180_000);
    const finder = await newPerson();
    await signIn(finder, 'alice');
    if (who !== 'nobody') await signIn(page, who);
    const all = (await routes(finder))[who];
    const mine = who === 'alice' ? all.filter((_, index) => index % 2 === half) : all;
    const found: string[] = [];
    for (const { path } of mine) {
      found.push(...(await faults(page, path, () => open(page, path))));
    }
    expect(found).toEqual([]);
  });
}
