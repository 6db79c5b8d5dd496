//! How somebody new comes into a workspace: invited by an admin, with a link that is shown once.
//! Refuses shortcuts: people who are made here went through both forms.

import { expect, type Page } from '@playwright/test';
import { alive, open, unique } from './persons';

export const PASSWORD = 'correct horse battery';

/** An address that no other test uses. */
export function address(): string {
  return `${unique('new').replace(' ', '-')}@northwind.example`;
}

/** Fills the form and sends it; the answer is up to the test. */
export async function fillInvitation(admin: Page, email: string, name: string, roles: string[]): Promise<void> {
  const form = admin.getByRole('region', { name: 'Invite somebody' });
  await form.getByLabel('E-mail').fill(email);
  await form.getByLabel('Name').fill(name);
  for (const role of roles) await form.getByRole('checkbox', { name: new RegExp(`^${role}`) }).check();
  await form.getByRole('button', { name: 'Make the link' }).click();
}

/** Invites somebody and returns the link. */
export async function invite(admin: Page, email: string, name: string, roles: string[]): Promise<string> {
  await open(admin, '/people');
  await fillInvitation(admin, email, name, roles);
  await expect(admin.getByRole('heading', { level: 1, name: 'Invitation' })).toBeVisible();
  return admin.getByLabel('Link').inputValue();
}

/** Opens the link as somebody new, chooses a password, and stands on the inbox. */
export async function join(them: Page, link: string, password = PASSWORD): Promise<void> {
  await open(them, link);
  await them.getByLabel('Password').fill(password);
  await them.getByRole('button', { name: 'Join and sign in' }).click();
  await expect(them.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible();
  await alive(them);
}

/** Signs in with a password. */
export async function enter(page: Page, email: string, password = PASSWORD): Promise<void> {
  await open(page, '/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Opens somebody's page from the list of people. */
export async function openPerson(admin: Page, wanted: string): Promise<void> {
  await open(admin, `/people?q=${encodeURIComponent(wanted)}`);
  await admin.getByRole('table').getByRole('link').first().click();
  await expect(admin.getByRole('heading', { level: 2, name: 'Suspension' })).toBeVisible();
}
