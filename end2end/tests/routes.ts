//! Every page of the product, with somebody who may open it. Refuses to guess: ids come from the pages themselves.

import type { Page } from '@playwright/test';

/** A page: its path, and its heading once it is there. */
export interface Route {
  path: string;
  heading: string | RegExp;
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
      { path: '/templates', heading: 'Templates' },
      { path: '/templates/prod-deploy', heading: 'prod-deploy' },
      { path: '/templates/new', heading: 'New template' },
      { path: '/templates/new?copy=prod-deploy', heading: 'New template' },
      { path: '/audit', heading: 'Audit' },
      { path: '/audit?state=rejected', heading: 'Audit' },
      { path: '/verify', heading: 'Verify a file' },
      { path: '/people', heading: 'People' },
      { path: '/account', heading: 'My account' },
    ],
    grace: [
      { path: '/requests/new', heading: 'New request' },
      { path: '/requests/new?template=prod-deploy&mode=apply&min_approvals=4', heading: 'New request' },
    ],
    nobody: [
      { path: '/sign-in', heading: 'Sign in' },
      { path: '/sign-in?error=WRONG_CREDENTIALS&email=a%40b.example', heading: 'Sign in' },
      { path: '/set-up?token=x', heading: 'Set up Nexus Control' },
      { path: '/verify', heading: 'Verify a file' },
    ],
  };
}
