//! What every spec stands on: a server of its own per worker, and a watch over everything the browser complains about.
//! Refuses to pass a test that broke silently: a page error, an error in the console, a violated content policy or a
//! packaged file that did not arrive fails it, unless the test said beforehand that it expects that.

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';

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

const READY_WITHIN_MS = 20_000;

export const test = base.extend<PerTest & { seen: Seen }, { server: Server }>({
  server: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'nexus-end2end-'));
      const logFile = join(folder, 'server.log');
      const port = await freePort();
      const child = start(folder, logFile, port);
      const server = { url: `http://127.0.0.1:${port}`, log: () => readFileSync(logFile, 'utf8') };
      try {
        await ready(server, child);
        await use(server);
      } finally {
        await stop(child);
        rmSync(folder, { recursive: true, force: true });
      }
    },
    { scope: 'worker', timeout: READY_WITHIN_MS + 10_000 },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  // Automatic, so that a spec cannot forget it.
  seen: [
    async ({ context, server }, use, info) => {
      const seen = new Seen();
      await seen.watch(context);
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

  newPerson: async ({ browser, seen }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      // Options of the project, such as javaScriptEnabled and baseURL, hold here too.
      const context = await browser.newContext();
      contexts.push(context);
      await seen.watch(context);
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

  async watch(context: BrowserContext): Promise<void> {
    context.on('weberror', (failure) => this.complaints.push(`page error: ${failure.error().message}`));
    context.on('console', (message) => {
      if (message.type() === 'error') {
        this.complaints.push(`console: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

function start(folder: string, logFile: string, port: number): ChildProcess {
  const binary = process.env.NEXUS_BIN;
  if (!binary) throw new Error('NEXUS_BIN names no server: start with `cargo xtask test --only browser`');
  const log = openSync(logFile, 'w');
  // From an empty folder: the binary must need nothing beside it.
  const child = spawn(binary, ['serve', '--demo'], {
    cwd: folder,
    stdio: ['ignore', log, log],
    env: {
      ...inherited(),
      NEXUS_DATABASE_URL: `sqlite://${join(folder, 'nexus.db')}`,
      NEXUS_LISTEN: `127.0.0.1:${port}`,
    },
  });
  closeSync(log);
  return child;
}

/** Without a developer's own settings for the server: what is tested is what a fresh machine gets. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NEXUS_')));
}

async function ready(server: Server, child: ChildProcess): Promise<void> {
  let failure = '';
  child.once('error', (error) => (failure = error.message));
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null && failure === '') {
    const answer = await fetch(`${server.url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error(`the server did not become ready (exit ${child.exitCode}) ${failure}\n${server.log()}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([gone, pause(5_000)]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
