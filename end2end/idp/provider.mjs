//! An OpenID provider for the demo and the browser tests: `node provider.mjs SETTINGS.json`, on this machine only.
//! Refuses to be more: every password is right, people live in the settings, and nothing outlives the process but keys.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { controlFor, Misbehaviour } from './control.mjs';
import { configurationFor } from './configuration.mjs';
import { SigningKeys } from './keys.mjs';
import { signInPagesFor } from './sign_in.mjs';
import { Storage } from './storage.mjs';
import { readSettings } from './settings.mjs';

const file = process.argv[2];
if (file === undefined) stopWith('usage: node provider.mjs SETTINGS.json');
let settings;
try {
  settings = readSettings(JSON.parse(readFileSync(file, 'utf8')));
} catch (problem) {
  stopWith(`${file}: ${problem.message}`);
}

// It warns of Node 20, which nears its end. What is used here works there.
const { warn } = console;
console.warn = () => {};
const { Provider } = await import('oidc-provider');
console.warn = warn;

const idp = {
  issuer: '',
  name: settings.name,
  people: new Map(settings.people.map((person) => [person.login, person])),
  keys: new SigningKeys(settings.keysFile),
  misbehaviour: new Misbehaviour(),
  storage: undefined,
  provider: undefined,
  renew: undefined,
};
idp.storage = new Storage(idp.misbehaviour);

let answer;
// The library reads its keys once, so that new keys mean a new provider. What people are doing is in the storage.
idp.renew = () => {
  idp.provider = new Provider(idp.issuer, configurationFor(settings, idp));
  idp.provider.use(idp.misbehaviour.middleware(idp));
  answer = idp.provider.callback();
};

const signIn = signInPagesFor(idp);
const control = controlFor(idp);
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://provider');
  if (pathname.startsWith('/interaction/')) return void signIn(request, response);
  if (settings.control && pathname.startsWith('/test/')) return void control(request, response, pathname);
  if (pathname === '/favicon.ico') return void response.writeHead(204).end();
  answer(request, response);
});
server.once('error', (problem) => stopWith(`127.0.0.1:${settings.port} cannot be used: ${problem.message}`));
server.listen(settings.port, '127.0.0.1', () => {
  const { port } = server.address();
  idp.issuer = `http://${settings.host}:${port}`;
  idp.renew();
  // Who started this may be gone or may not listen any more; that is no reason to break.
  process.stdout.on('error', () => {});
  process.stdout.write(`ready ${idp.issuer}\n`);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(0));
if (settings.parent !== undefined) {
  // However the parent ends, this ends with it: a killed process cannot tell its children.
  setInterval(() => process.ppid === settings.parent || process.exit(0), 250);
}

function stopWith(words) {
  console.error(`provider: ${words}`);
  process.exit(2);
}
