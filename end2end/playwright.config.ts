//! How the browser tests run: every spec with JavaScript and without it, except those about hydration itself.
//! Refuses to download a browser or to start on its own: `cargo xtask test --only browser` sets NEXUS_BIN and CHROMIUM_PATH.

import { defineConfig, devices } from '@playwright/test';

const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const desktop = {
  ...devices['Desktop Chrome'],
  launchOptions: { executablePath: process.env.CHROMIUM_PATH, args: quiet },
  locale: 'en-GB',
  timezoneId: 'UTC',
};

// Pictures are made when somebody asks for them: they are no test.
const pictures = process.env.SCREENSHOTS === '1' ? [] : ['**/screenshots.*'];

export default defineConfig({
  testDir: 'tests',
  testMatch: '**/*.spec.ts',
  testIgnore: pictures,
  outputDir: 'test-results',
  forbidOnly: true,
  // A test that passes the second time has found something: no retries.
  retries: 0,
  // Each worker has its own server and browser; more than the cores would only make them wait.
  workers: 2,
  timeout: 30_000,
  reporter: 'list',
  use: { trace: 'retain-on-failure' },
  projects: [
    { name: 'js', use: desktop },
    { name: 'nojs', use: { ...desktop, javaScriptEnabled: false }, testIgnore: ['**/*.hydrate.spec.ts', ...pictures] },
  ],
});
