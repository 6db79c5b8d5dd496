//! What the first visit to a page costs over the wire: page, style, script and module, as they are sent. Refuses a page
//! that is heavier than it may be, and a packaged file that is not sent as brotli.

import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { alive, ask, signIn, unique } from './persons';

/** In all, for the pages on which people decide. */
const MOST_BYTES = 320_000;

interface Sent {
  what: string;
  bytes: number;
  encoding: string;
}

/** Opens a page in a browser that has nothing yet; what came until it was alive. */
async function firstVisit(page: Page, path: string): Promise<Sent[]> {
  const asked: Promise<Sent>[] = [];
  page.on('requestfinished', (request) => {
    asked.push(
      (async () => {
        const { responseBodySize } = await request.sizes();
        const headers = (await (await request.response())?.allHeaders()) ?? {};
        return { what: new URL(request.url()).pathname, bytes: responseBodySize, encoding: headers['content-encoding'] ?? '' };
      })(),
    );
  });
  await page.goto(path);
  await alive(page);
  // The last one is told of a little later than it is there.
  await expect.poll(() => asked.length, { message: 'page, style, script and module' }).toBeGreaterThanOrEqual(4);
  return Promise.all(asked);
}

for (const where of ['the inbox', 'a decision'] as const) {
  test(`the first visit to ${where} weighs at most ${MOST_BYTES} bytes`, async ({ page, newPerson }, info) => {
    const grace = await newPerson();
    await signIn(grace, 'grace');
    const path = await ask(grace, { goal: unique('Weigh this page'), plan: '{"service":"billing","replicas":3}', approvals: 2 });
    await signIn(page, 'carla');
    const sent = await firstVisit(page, where === 'the inbox' ? '/' : path);
    const lines = sent.map(({ what, bytes, encoding }) => `${String(bytes).padStart(9)}  ${encoding.padEnd(4)}  ${what}`);
    const total = sent.reduce((sum, { bytes }) => sum + bytes, 0);
    console.log(`first visit to ${where}: ${total} bytes\n${lines.join('\n')}`);
    await info.attach('sent', { body: lines.join('\n'), contentType: 'text/plain' });
    for (const kind of ['.wasm', '.js', '.css']) {
      const found = sent.filter(({ what }) => what.startsWith('/pkg/') && what.endsWith(kind));
      expect(found.map(({ encoding }) => encoding), kind).toEqual(['br']);
    }
    expect(sent.find(({ what }) => !what.startsWith('/pkg/'))?.encoding, 'the page itself').toBe('br');
    expect(total).toBeLessThanOrEqual(MOST_BYTES);
  });
}
