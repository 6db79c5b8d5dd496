//! An authenticator app (RFC 6238: six digits, SHA-1, 30 seconds), and what people do with theirs.
//! Refuses to wait for the clock: a code of the next half minute is taken, too.

import { createHmac } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { open } from './persons';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code that an app shows, or will show so many half minutes later. */
export function code(secret: string, later = 0): string {
  const bits = [...secret.replaceAll(' ', '')].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Begins to set it up on the account's page; the secret as the page shows it. */
export async function begin(page: Page): Promise<string> {
  await open(page, '/account');
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
  const secret = page.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{1,4})+$/);
  await expect(secret).toBeVisible();
  return secret.innerText();
}

/** Switches it on; the recovery codes, and the code that was used up. */
export async function switchOn(page: Page, secret: string): Promise<{ recovery: string[]; used: string }> {
  const used = code(secret);
  await page.getByLabel('Code of the app').fill(used);
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Recovery codes' })).toBeVisible();
  const recovery = await page.getByRole('main').getByRole('listitem').allInnerTexts();
  return { recovery: recovery.map((text) => text.trim()), used };
}

/** Answers the sign-in's question for a code. */
export async function answer(page: Page, text: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Second factor' })).toBeVisible();
  await page.getByLabel('Code').fill(text);
  await page.getByRole('button', { name: 'Go on' }).click();
}
