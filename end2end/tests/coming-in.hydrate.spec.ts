//! axe on the pages that nobody can open just so: an invitation, a second factor on its way, a code that is asked for.

import { faults } from './axe';
import { expect, test } from './fixtures';
import { address, enter, invite, join } from './joining';
import { open, signIn, unique } from './persons';
import { answer, begin, switchOn } from './second-factor';

test('nothing for axe to complain about on the way in', async ({ page, newPerson }) => {
  test.setTimeout(240_000);
  await signIn(page, 'noor');
  const found: string[] = [];
  const email = address();
  const link = await invite(page, email, `${unique('Ada')} ${'von '.repeat(30)}Ärmel`, ['Requester']);

  const them = await newPerson();
  await open(them, link);
  found.push(...(await faults(them, 'invitation')));
  const ben = await newPerson();
  await signIn(ben, 'ben');
  await open(ben, link);
  found.push(...(await faults(ben, 'invitation of somebody else')));
  await join(them, link);

  const secret = await begin(them);
  await them.getByLabel('Code of the app').fill('000000');
  await them.getByRole('button', { name: 'Switch it on' }).click();
  await expect(them.getByRole('alert')).toBeVisible();
  found.push(...(await faults(them, 'second factor being set up')));
  await switchOn(them, secret);
  found.push(...(await faults(them, 'recovery codes')));
  await open(them, '/account');
  found.push(...(await faults(them, 'account with a second factor')));
  await open(them, '/sign-in/again?next=%2F');
  found.push(...(await faults(them, 'sign in again')));

  const other = await newPerson();
  await enter(other, email);
  await answer(other, '000000');
  await expect(other.getByRole('alert')).toBeVisible();
  found.push(...(await faults(other, 'code')));
  expect(found).toEqual([]);
});
