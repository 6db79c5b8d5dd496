//! The provider's pages: plain forms that work without scripts. Refuses to put anything unescaped between its tags.

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; display: grid; min-height: 100vh; place-items: center; background: Canvas; color: CanvasText; }
  main { width: min(24rem, calc(100vw - 3rem)); padding: 2rem 0; }
  h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
  form { display: grid; gap: .5rem; margin: 1rem 0; }
  label { display: grid; gap: .2rem; }
  input, button { font: inherit; padding: .55rem .8rem; border-radius: .4rem; border: 1px solid GrayText; }
  button { cursor: pointer; text-align: start; }
  small { display: block; opacity: .75; }
  .bad { border: 1px solid; border-radius: .4rem; padding: .5rem .8rem; }`;

/** Who are you? */
export function signInPage(name, uid, people, problem) {
  const buttons = people.map(
    (person) => `<button name="as" value="${escaped(person.login)}">Continue as ${escaped(person.name)}
      <small>${escaped(person.email)} · ${escaped(person.groups.join(', ') || 'in no group')}</small></button>`,
  );
  return page(
    `Sign in to ${name}`,
    `<p>A provider to try things out with: nobody is real, and every password is right.</p>
    ${problem === undefined ? '' : `<p class="bad" role="alert">${escaped(problem)}</p>`}
    <form method="post" action="/interaction/${escaped(uid)}">${buttons.join('\n')}</form>
    <form method="post" action="/interaction/${escaped(uid)}">
      <label>Login <input name="login" autocomplete="username" required></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <button name="how" value="password">Sign in</button>
    </form>
    <form method="post" action="/interaction/${escaped(uid)}"><button name="cancel" value="yes">Cancel</button></form>`,
  );
}

/** Out here too? The form is the library's, with its own secret in it. */
export function signOutPage(name, form) {
  return page(
    `Sign out of ${name}`,
    `${form}
    <p><button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button></p>
    <p><button type="submit" form="op.logoutForm">Stay signed in here</button></p>`,
  );
}

/** Gone, and nowhere to go back to. */
export function signedOutPage(name) {
  return page(`Signed out of ${name}`, '<p>This window can be closed.</p>');
}

/** What the protocol calls an error. */
export function errorPage(name, out) {
  const lines = Object.entries(out).map(([key, value]) => `<dt>${escaped(key)}</dt><dd>${escaped(value)}</dd>`);
  return page(`${name} refused this`, `<dl>${lines.join('')}</dl>`);
}

function page(title, body) {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(title)}</h1>${body}</main></body>
</html>`;
}

function escaped(text) {
  return String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
