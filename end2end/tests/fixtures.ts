//! What every spec stands on: a server of its own per worker, and a watch over everything the browser complains about.
//! Refuses to pass a test that broke silently: a page error, an error in the console, a violated content policy or a
//! packaged file that did not arrive fails it, unless the test said beforehand that it expects that.

import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { emptyFolder, READY_WITHIN_MS, removeFolder, startServer } from './server';

export interface Server {
  /** Such as `http://127.0.0.1:34567`, without a slash at the end. */
  readonly url: string;
  /** What the server has printed so far. */
  log(): string;
}

export interface Complaints {
  /** Complaints that match are part of the test, such as the console's line about a wanted 404. */
  expect(pattern: RegExp): void;
}

interface PerTest {
  complaints: Complaints;
  /** A page in a browser context of its own: another person, signed in as nobody yet. */
  newPerson: () => Promise<Page>;
}

export const test = base.extend<PerTest & { seen: Seen }, { server: Server }>({
  server: [
    async ({}, use) => {
      const folder = emptyFolder();
      try {
        // The binary must need nothing beside it.
        const server = await startServer(folder, ['serve', '--demo']);
        try {
          await use(server);
        } finally {
          await server.stop();
        }
      } finally {
        removeFolder(folder);
      }
    },
    { scope: 'worker', timeout: READY_WITHIN_MS + 10_000 },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  // Automatic, so that a spec cannot forget it.
  seen: [
    async ({ context, javaScriptEnabled, server }, use, info) => {
      const seen = new Seen();
      await seen.watch(context, javaScriptEnabled !== false);
      await use(seen);
      const unexpected = seen.unexpected();
      if (unexpected.length > 0 || info.status !== info.expectedStatus) {
        await info.attach('server.log', { body: server.log(), contentType: 'text/plain' });
      }
      expect(unexpected, 'the browser complained').toEqual([]);
    },
    { auto: true },
  ],

  complaints: async ({ seen }, use) => use(seen),

  newPerson: async ({ browser, javaScriptEnabled, seen }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      // Options of the project, such as javaScriptEnabled and baseURL, hold here too.
      const context = await browser.newContext();
      contexts.push(context);
      await seen.watch(context, javaScriptEnabled !== false);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

export { expect };

class Seen implements Complaints {
  private readonly complaints: string[] = [];
  private readonly expected: RegExp[] = [];

  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  unexpected(): string[] {
    return this.complaints.filter((line) => !this.expected.some((pattern) => pattern.test(line)));
  }

  async watch(context: BrowserContext, scripts: boolean): Promise<void> {
    context.on('weberror', (failure) => this.complaints.push(`page error: ${failure.error().message}`));
    context.on('console', (message) => {
      if (message.type() === 'error') {
        this.complaints.push(`console: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // Where scripts are switched off, the browser refuses to fetch them and says so in these words.
      if (!scripts && reason === 'csp' && request.url().endsWith('.js')) return;
      // Leaving a page before its wasm arrived aborts the download, as it should.
      if (isPackaged(request.url()) && !reason.includes('ERR_ABORTED')) {
        this.complaints.push(`request: ${request.url()}: ${reason}`);
      }
    });
    context.on('response', (response) => {
      if (isPackaged(response.url()) && response.status() >= 400) {
        this.complaints.push(`request: ${response.url()}: ${response.status()}`);
      }
    });
    // Not every violation reaches the console, so each is sent there.
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (violation) => {
        console.error(`content policy: ${violation.effectiveDirective} stopped ${violation.blockedURI}`);
      });
    });
  }
}

function isPackaged(url: string): boolean {
  return new URL(url).pathname.startsWith('/pkg/');
}
