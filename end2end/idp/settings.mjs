//! What the provider is told: one JSON object. Refuses a missing or misspelt key, so that a test cannot mean another.
//!
//! port      where to listen on 127.0.0.1; 0 takes a free one
//! host      how it is called: `127.0.0.1`, or `localhost`, which for a browser is another site
//! name      what its pages call it
//! clients   who may ask: { id, secret or secret_file, redirect_uris, post_logout_redirect_uris, backchannel_logout_uri }
//! people    who may sign in: { login, name, email, email_verified, groups }
//! keys_file where to keep the signing keys; without it they are new at every start
//! control   whether /test/… is there
//! parent    the process whose end ends this one

import { readFileSync } from 'node:fs';

const KEYS = ['port', 'host', 'name', 'clients', 'people', 'keys_file', 'control', 'parent'];
const CLIENT = ['id', 'secret', 'secret_file', 'redirect_uris', 'post_logout_redirect_uris', 'backchannel_logout_uri'];
const PERSON = { login: isText, name: isText, email: isText, email_verified: isFlag, groups: isTexts };

/** Checks the settings and gives every key a value. */
export function readSettings(given) {
  known(given, KEYS, 'the settings');
  if (!Array.isArray(given.clients) || !Array.isArray(given.people)) throw new Error('`clients` and `people` are lists');
  return {
    port: given.port ?? 0,
    host: given.host ?? '127.0.0.1',
    name: given.name ?? 'Demo SSO',
    clients: given.clients.map(client),
    people: given.people.map((each) => person(each)),
    keysFile: given.keys_file,
    control: given.control === true,
    parent: given.parent,
  };
}

/** A person as they are after these changes; without `before`, a new one. */
export function person(changes, before = { email_verified: true, groups: [] }) {
  known(changes, Object.keys(PERSON), 'a person');
  const after = { ...before, ...changes };
  for (const [key, fits] of Object.entries(PERSON)) {
    if (!fits(after[key])) throw new Error(`\`${key}\` of a person is missing or of another kind`);
  }
  return after;
}

function client(given) {
  known(given, CLIENT, 'a client');
  const secret = given.secret ?? readFileSync(given.secret_file, 'utf8').trim();
  return { ...given, secret };
}

function known(given, keys, what) {
  if (typeof given !== 'object' || given === null) throw new Error(`${what} must be an object`);
  const stranger = Object.keys(given).find((key) => !keys.includes(key));
  if (stranger !== undefined) throw new Error(`${what} has no key \`${stranger}\``);
}

function isText(value) {
  return typeof value === 'string' && value !== '';
}

function isFlag(value) {
  return typeof value === 'boolean';
}

function isTexts(value) {
  return Array.isArray(value) && value.every(isText);
}
