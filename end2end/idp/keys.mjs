//! The provider's signing keys: RSA, the newest first, the one before still published. Refuses to reuse a key id.

import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export class SigningKeys {
  #file;
  #keys;

  constructor(file) {
    this.#file = file;
    this.#keys = file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).keys : [newKey()];
    this.#keep();
  }

  /** As the library wants them: private, the one to sign with first. */
  get jwks() {
    return { keys: this.#keys };
  }

  /** From now on another key signs. The one before stays published, unless it is to be forgotten. */
  rotate(forget = false) {
    this.#keys = [newKey(), ...(forget ? [] : this.#keys.slice(0, 1))];
    this.#keep();
    return this.#keys[0].kid;
  }

  /** Signs as this provider would; `foreign`: with a key of the same id that nobody published; `none`: not at all. */
  sign(header, claims, how) {
    const parts = (alg, kid) => `${encode({ kid, ...header, alg })}.${encode(claims)}`;
    if (how === 'none') return `${parts('none')}.`;
    const [own] = this.#keys;
    const unsigned = parts('RS256', own.kid);
    const key = how === 'foreign' ? newKey() : own;
    const signature = createSign('RSA-SHA256').update(unsigned).sign({ key, format: 'jwk' }, 'base64url');
    return `${unsigned}.${signature}`;
  }

  #keep() {
    if (this.#file !== undefined) writeFileSync(this.#file, JSON.stringify(this.jwks), { mode: 0o600 });
  }
}

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(6).toString('hex'), alg: 'RS256', use: 'sig' };
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
