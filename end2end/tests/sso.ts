//! A sign-in provider and a server that trusts it, for each worker; and what people do with the two.
//! Refuses to share people between tests: each makes those whose groups it changes.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base, expect, type Server } from './fixtures';
import { alive, open } from './persons';
import { emptyFolder, freePort, READY_WITHIN_MS, removeFolder, startServer, type Running } from './server';
import type { Page } from '@playwright/test';

export const LABEL = 'Sign in with Demo SSO';
export const START = '/sign-in/oidc/demo';
export const CALLBACK = `${START}/callback`;
export const BACK_CHANNEL = `${START}/back-channel-logout`;
const CLIENT = 'nexus-control';
const SECRET = 'a-secret-that-only-these-two-know';

/** Somebody at the provider. */
export interface Person {
  login: string;
  name: string;
  email: string;
  email_verified: boolean;
  groups: string[];
}

/** What the next sign-in gets wrong: see `idp/control.mjs`. */
export interface Bent {
  code?: 'expired';
  claims?: Record<string, unknown>;
  key?: 'foreign' | 'none';
}

/** A running provider. */
export class Provider {
  constructor(
    readonly issuer: string,
    readonly stop: () => void,
  ) {}

  /** A new person of Northwind; everything but the login can be given. */
  async somebody(given: Partial<Person> = {}): Promise<Person> {
    const login = `p${Math.random().toString(36).slice(2, 10)}`;
    const person = {
      login,
      name: `Person ${login}`,
      email: `${login}@northwind.example`,
      email_verified: true,
      groups: ['nexus-requesters'],
      ...given,
    };
    await this.change(person);
    return person;
  }

  /** From their next sign-in on they are different. */
  async change(person: Partial<Person> & { login: string }): Promise<void> {
    await this.ask('person', person);
  }

  /** Other keys from now on; the old ones are published no longer. */
  async rotateKeys(): Promise<void> {
    await this.ask('keys', { forget: true });
  }

  /** Ends their sessions at the provider; what the clients answered, unless they are not told. */
  async endSessions(login: string, silent = false): Promise<unknown[]> {
    return (await this.ask('end', { login, silent }))['statuses'] as unknown[];
  }

  /** The provider's names for their sessions, as our server knows them. */
  async sessions(login: string): Promise<string[]> {
    return (await this.ask('sessions', { login }))['sids'] as string[];
  }

  /** Signs these claims as the provider signs, or not quite. */
  async sign(claims: object, header: object, key?: string): Promise<string> {
    return (await this.ask('sign', { claims, header, key }))['token'] as string;
  }

  /** Bends the next sign-in, once. */
  async bendNext(bent: Bent): Promise<void> {
    await this.ask('next', bent);
  }

  private async ask(what: string, words: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.issuer}/test/${what}`, { method: 'POST', body: JSON.stringify(words) });
    const said = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok) throw new Error(`/test/${what}: ${JSON.stringify(said)}`);
    return said;
  }
}

/** A provider with a server that trusts it. */
export interface Pair {
  provider: Provider;
  server: Running;
  stop(): Promise<void>;
}

/** Starts both. `lines` are added to the provider's section of the configuration. */
export async function startPair(lines = 'just_in_time = true'): Promise<Pair> {
  const folder = emptyFolder();
  const port = await freePort();
  let provider: Provider | undefined;
  try {
    provider = await startProvider(folder, `http://127.0.0.1:${port}`);
    const { issuer, stop } = provider;
    const server = await startServer(folder, ['serve', '--demo', '--config', configFor(folder, issuer, lines)], port);
    const stopBoth = async () => {
      await server.stop();
      stop();
      removeFolder(folder);
    };
    return { provider, server, stop: stopBoth };
  } catch (problem) {
    provider?.stop();
    removeFolder(folder);
    throw problem;
  }
}

/** Writes a configuration that trusts this issuer; says where it is. */
export function configFor(folder: string, issuer: string, lines: string): string {
  const secret = join(folder, 'client-secret');
  writeFileSync(secret, `${SECRET}\n`, { mode: 0o600 });
  const rules = [
    ['nexus-approvers', 'approver'],
    ['nexus-requesters', 'requester'],
    ['nexus-admins', 'admin'],
  ].map(([group, role]) => `[[oidc.role]]\ngroup = "${group}"\nroles = ["${role}"]\n`);
  const file = join(folder, 'nexus-control.toml');
  const section = `[[oidc]]
name = "demo"
label = "${LABEL}"
issuer = "${issuer}"
client_id = "${CLIENT}"
client_secret_file = ${JSON.stringify(secret)}
scopes = ["openid", "email", "profile", "groups"]
group_claim = "groups"
allowed_email_domains = ["northwind.example"]
${lines}

`;
  writeFileSync(file, section + rules.join('\n'));
  return file;
}

async function startProvider(folder: string, server: string): Promise<Provider> {
  const settings = join(folder, 'provider.json');
  const client = {
    id: CLIENT,
    secret: SECRET,
    redirect_uris: [server + CALLBACK],
    post_logout_redirect_uris: [`${server}/signed-out`],
    backchannel_logout_uri: server + BACK_CHANNEL,
  };
  // For a browser `localhost` is another site than the server's 127.0.0.1, as a provider always is: cookies that do
  // not come along on the way back are missing here too.
  const told = { port: 0, host: 'localhost', control: true, parent: process.pid, clients: [client], people: [] };
  writeFileSync(settings, JSON.stringify(told));
  const script = join(import.meta.dirname, '../idp/provider.mjs');
  const child = spawn(process.execPath, [script, settings], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(line));
    child.once('exit', (code) => reject(new Error(`the provider ended with ${code}`)));
  });
  const issuer = (await ready).replace(/^ready /, '');
  return new Provider(issuer, () => void child.kill());
}

export const test = base.extend<object, { pair: Pair; provider: Provider; server: Server }>({
  pair: [
    async ({}, use) => {
      const pair = await startPair();
      try {
        await use(pair);
      } finally {
        await pair.stop();
      }
    },
    { scope: 'worker', timeout: READY_WITHIN_MS + 20_000 },
  ],
  provider: [async ({ pair }, use) => use(pair.provider), { scope: 'worker' }],
  server: [async ({ pair }, use) => use(pair.server), { scope: 'worker' }],
});

export { expect };

/** Goes to the provider by the link on the sign-in page, and stands before its question. */
export async function goToProvider(page: Page, at = ''): Promise<void> {
  await open(page, `${at}/sign-in`);
  await page.getByRole('link', { name: LABEL }).click();
  await atProvider(page);
}

/** Waits for the provider's question who one is. */
export async function atProvider(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in to Demo SSO' })).toBeVisible();
}

/** Answers the provider's question. */
export async function choose(page: Page, person: Person): Promise<void> {
  await page.getByRole('button', { name: `Continue as ${person.name}` }).click();
}

/** Comes in by the provider and stands on the inbox. */
export async function comeInAs(page: Page, person: Person, at = ''): Promise<void> {
  await goToProvider(page, at);
  await choose(page, person);
  await inside(page, person);
}

/** Signs in once more; the provider remembers who it is and asks nothing. */
export async function signInAgain(page: Page, at = ''): Promise<void> {
  await page.goto(`${at}${START}?next=%2F`);
}

/** The inbox, and it is theirs. */
export async function inside(page: Page, person: Person): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  await expect(page.getByRole('banner')).toContainText(person.name);
  await alive(page);
}

/** Stands at the sign-in page with this refusal, in words, and is nobody. */
export async function refused(page: Page, code: string, at = ''): Promise<void> {
  await expect.poll(() => new URL(page.url()).pathname).toBe('/sign-in');
  expect(new URL(page.url()).searchParams.get('error')).toBe(code);
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('alert')).not.toContainText('SSO_');
  await nobody(page, at);
}

/** Has no session: the next click asks to sign in. */
export async function nobody(page: Page, at = ''): Promise<void> {
  await page.goto(`${at}/decisions`);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
}
