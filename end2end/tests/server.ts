//! A server as a process of its own: from an empty folder, on a free port, with nothing of the developer's settings.
//! Refuses to start anything but the binary that NEXUS_BIN names.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const READY_WITHIN_MS = 20_000;

/** A running server. */
export interface Running {
  /** Such as `http://127.0.0.1:34567`, without a slash at the end. */
  readonly url: string;
  /** What it has printed so far. */
  log(): string;
  /** Ends it as an operator would. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** A folder for one test or worker. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'nexus-end2end-'));
}

/** Deletes such a folder. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Starts a server in the folder and waits until it is ready. Its database stays there when it ends. */
export async function startServer(folder: string, args: string[], chosen?: number): Promise<Running> {
  const port = chosen ?? (await freePort());
  const logFile = join(folder, `server-${port}.log`);
  const output = openSync(logFile, 'w');
  const child = spawn(binary(), args, {
    cwd: folder,
    stdio: ['ignore', output, output],
    env: {
      ...inherited(),
      NEXUS_DATABASE_URL: `sqlite://${join(folder, 'nexus.db')}`,
      NEXUS_LISTEN: `127.0.0.1:${port}`,
    },
  });
  closeSync(output);
  const url = `http://127.0.0.1:${port}`;
  const log = () => readFileSync(logFile, 'utf8');
  try {
    await ready(url, child, log);
  } catch (problem) {
    child.kill('SIGKILL');
    throw problem;
  }
  return { url, log, stop: () => end(child, 'SIGTERM'), kill: () => end(child, 'SIGKILL') };
}

/** Runs `nexus-control verify FILE…`: its exit code and what it printed. */
export function verify(...files: string[]): { code: number | null; said: string } {
  const ran = spawnSync(binary(), ['verify', ...files], { encoding: 'utf8', env: inherited() });
  return { code: ran.status, said: ran.stdout + ran.stderr };
}

function binary(): string {
  const path = process.env.NEXUS_BIN;
  if (!path) throw new Error('NEXUS_BIN names no server: start with `cargo xtask test --only browser`');
  return path;
}

/** Without a developer's own settings for the server: what is tested is what a fresh machine gets. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NEXUS_')));
}

/** A port that nothing listens on at this moment. */
export function freePort(): Promise<number> {
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

async function ready(url: string, child: ChildProcess, log: () => string): Promise<void> {
  let failure = '';
  child.once('error', (error) => (failure = error.message));
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null && failure === '') {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error(`the server did not become ready (exit ${child.exitCode}) ${failure}\n${log()}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await Promise.race([gone, pause(5_000)]);
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await gone;
  }
}
