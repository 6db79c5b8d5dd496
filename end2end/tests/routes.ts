//! Every page of the product, with somebody who may open it. Refuses to guess: ids come from the pages themselves.

import type { Page } from '@playwright/test';

/** A page: its path, and its heading once it is there. */
export interface Route {
  path: string;
  heading: string | RegExp;
  /** Made on the server alone: nothing of it comes alive. */
  plain?: true;
  /** A plain page with a script of its own. */
  own?: true;
}

/** The pages for alice, who is admin and approver, and for grace, who is author and requester. */
export async function routes(page: Page): Promise<{ alice: Route[]; grace: Route[]; nobody: Route[] }> {
  const decisions: Route[] = [];
  for (const state of ['pending_approval', 'approved', 'completed', 'failed', 'rejected', 'withdrawn']) {
    const text = await (await page.request.get(`/decisions?state=${state}`, { headers: { accept: 'text/html' } })).text();
    const path = /<th scope="row"><a href="(\/decisions\/[^"]+)"/.exec(text)?.[1];
    if (path === undefined) throw new Error(`the demo has no decision that is ${state}`);
    decisions.push({ path, heading: /./ });
  }
  return {
    alice: [
      { path: '/', heading: 'Inbox' },
      { path: '/decisions', heading: 'Decisions' },
      { path: '/decisions?state=completed&text=deploy', heading: 'Decisions' },
      { path: '/decisions?text=nothingwillmatchthis', heading: 'Decisions' },
      ...decisions,
      { path: '/templates', heading: 'Templates', plain: true },
      { path: '/templates?label=nothingwillmatchthis', heading: 'Templates', plain: true },
      { path: '/templates/prod-deploy', heading: 'prod-deploy', plain: true },
      { path: '/templates/compare?a=prod-deploy', heading: 'Compare templates', plain: true },
      { path: '/templates/new', heading: 'New template' },
      { path: '/templates/new?copy=prod-deploy', heading: 'New template' },
      { path: '/audit', heading: 'Audit', plain: true },
      { path: '/audit?state=rejected', heading: 'Audit', plain: true },
      { path: '/verify', heading: 'Verify a file', plain: true, own: true },
      { path: '/people', heading: 'People', plain: true },
      { path: '/people?q=nothingwillmatchthis', heading: 'People', plain: true },
      { path: '/people/prs_northwind_ben', heading: 'Ben Okafor', plain: true },
      { path: '/keys', heading: 'API keys', plain: true },
      { path: '/keys?state=ended', heading: 'API keys', plain: true },
      { path: '/settings', heading: 'Settings', plain: true },
      { path: '/overview', heading: 'Overview', plain: true },
      { path: '/overview?days=30', heading: 'Overview', plain: true },
      { path: '/log', heading: 'Log', plain: true },
      { path: '/account', heading: 'My account', plain: true },
      { path: '/styleguide', heading: 'Style guide', plain: true },
      { path: '/sign-in/again?next=%2Faccount', heading: 'Sign in again', plain: true },
    ],
    grace: [
      { path: '/requests/new', heading: 'New request' },
      { path: '/requests/new?template=prod-deploy&mode=apply&min_approvals=4', heading: 'New request' },
    ],
    nobody: [
      { path: '/sign-in', heading: 'Sign in', plain: true },
      { path: '/sign-in?error=WRONG_CREDENTIALS&email=a%40b.example', heading: 'Sign in', plain: true },
      { path: '/sign-in?error=SSO_NO_ROLE', heading: 'Sign in', plain: true },
      { path: '/sign-in/code?state=x', heading: 'Second factor', plain: true },
      { path: '/signed-out', heading: 'You are signed out', plain: true },
      { path: '/set-up?token=x', heading: 'Set up Nexus Control', plain: true },
      { path: '/verify', heading: 'Verify a file', plain: true, own: true },
    ],
  };
}
