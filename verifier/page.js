// The script of the page that verifies files. It takes what somebody chooses or drops, hands the bytes to the worker
// one file at a time, and fills copies of the page's own templates with what was found.
//
// It refuses to make HTML of any text (only `textContent` is set), and to send anything anywhere.

const MOST_BYTES = 50_000_000;
const MOST_FILES = 500;

const byId = (id) => document.getElementById(id);
const slot = (node, name) => node.querySelector(`[data-slot="${name}"]`);

const zone = byId('choose-zone');
const progress = byId('progress');
const results = byId('results');
const list = byId('findings');
const totals = { chosen: 0, done: 0, aside: 0, over: 0 };
const verdicts = { verified: 0, altered: 0, incomplete: 0, unreadable: 0 };
let queue = [];
let busy = false;
/** How often a worker that spoke is made anew after it stopped, before it found anything again. */
const MOST_RESTARTS = 3;
let restarts = 0;
let gone = false;
let waiting = null;
let worker = start();

/** A copy of a template; nothing where there is none of that name. */
function copy(id) {
  return byId(id)?.content.cloneNode(true);
}

function fill(node, name, text) {
  const place = slot(node, name);
  if (place) place.textContent = text ?? '';
}

/** A name that anybody may have given to a file: what cannot be seen, or turns the direction of reading, is marked. */
function visible(text) {
  const mark = (c) => `⟨U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
  return text.replace(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, mark);
}

// The worker: one question at a time, so that the next message is the answer.

function start() {
  const made = new Worker(new URL('verifier.js', import.meta.url));
  made.spoke = false;
  made.addEventListener('error', () => answered(made, { stopped: true }));
  made.addEventListener('message', ({ data }) => answered(made, data));
  return made;
}

function answered(from, data) {
  // What a worker says that was given up does not count.
  if (gone || from !== worker) return;
  if (data.version !== undefined) {
    from.spoke = true;
    return alive(data.version);
  }
  // One that never said its version would not start the next time either.
  if (data.missing || (data.stopped && (!from.spoke || restarts >= MOST_RESTARTS))) return unavailable();
  if (data.stopped) {
    restarts += 1;
    worker.terminate();
    worker = start();
  } else {
    restarts = 0;
  }
  waiting?.(data.finding ?? problem('STOPPED'));
  waiting = null;
}

function judged(bytes) {
  if (gone) return problem('STOPPED');
  return new Promise((resolve) => {
    waiting = resolve;
    worker.postMessage(bytes, [bytes]);
  });
}

const problem = (code) => ({ verdict: 'unreadable', problem: { code, detail: '' } });

async function look(file) {
  if (file.size > MOST_BYTES) return problem('TOO_LARGE');
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return problem('NOT_OPENED');
  }
  return judged(bytes);
}

function alive(version) {
  if (document.documentElement.dataset.hydrated) return;
  fill(document, 'version', version);
  for (const input of zone.querySelectorAll('input')) input.disabled = false;
  // Says that the page answers now: browser tests wait for it.
  document.documentElement.dataset.hydrated = '1';
}

function unavailable() {
  gone = true;
  worker.terminate();
  for (const input of zone.querySelectorAll('input')) input.disabled = true;
  progress.replaceChildren(copy('unavailable'));
  waiting?.(problem('STOPPED'));
  waiting = null;
}

// Files: chosen, dropped, or all of a folder.

function take(files, fromFolder) {
  const wanted = fromFolder ? files.filter((file) => /\.json$/i.test(file.name)) : files;
  totals.aside += files.length - wanted.length;
  const room = MOST_FILES - totals.chosen;
  totals.over += Math.max(0, wanted.length - room);
  const taken = wanted.slice(0, room);
  totals.chosen += taken.length;
  queue.push(...taken);
  work();
}

async function work() {
  if (busy) return;
  busy = true;
  const round = queue;
  while (queue === round && queue.length > 0) {
    const file = queue.shift();
    say(`Checking ${totals.done + 1} of ${totals.chosen} …`);
    const finding = await look(file);
    // Whoever started over meanwhile wants to see nothing of it.
    if (queue !== round) break;
    totals.done += 1;
    verdicts[finding.verdict] += 1;
    list.append(shown(file.webkitRelativePath || file.path || file.name, finding, totals.done));
    results.hidden = false;
  }
  busy = false;
  if (queue.length > 0) return work();
  close();
}

function close() {
  if (totals.chosen === 0 && totals.aside === 0) return say('');
  const parts = [`${verdicts.verified} of ${totals.chosen} verified`];
  if (verdicts.altered) parts.push(`${verdicts.altered} altered`);
  if (verdicts.incomplete) parts.push(`${verdicts.incomplete} not complete`);
  if (verdicts.unreadable) parts.push(`${verdicts.unreadable} not readable`);
  const said = [`${parts.join(', ')}.`];
  if (totals.aside) said.push(`Files whose name does not end in .json were left aside: ${totals.aside}.`);
  if (totals.over) said.push(`At most ${MOST_FILES} files are checked at once, left aside: ${totals.over}.`);
  say(said.join(' '));
  const now = new Date();
  const local = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'long' }).format(now);
  fill(results, 'local', local);
  fill(results, 'utc', `${now.toISOString().slice(0, 19).replace('T', ' ')} UTC`);
  // One file is read at once; of many, those that need somebody.
  const one = list.children.length === 1;
  for (const finding of list.children) {
    const details = finding.querySelector('details');
    if (details && finding.dataset.seen === undefined) details.open = one || finding.dataset.verdict === 'altered';
    finding.dataset.seen = '';
  }
}

function say(text) {
  // That nothing can be checked here is the last word.
  if (gone) return;
  progress.textContent = text;
}

async function dropped(transfer) {
  // Read before anything is awaited: what was dropped is forgotten with the event.
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry?.());
  const loose = items.filter((_, index) => !entries[index]?.isDirectory).map((item) => item.getAsFile());
  const folders = entries.filter((entry) => entry?.isDirectory);
  if (loose.length > 0) take(loose, false);
  for (const folder of folders) take(await below(folder), true);
}

/** The files of a dropped folder. Stops reading where there are more than anybody checks at once. */
async function below(folder) {
  const found = [];
  const open = [folder];
  while (open.length > 0 && found.length <= MOST_FILES) {
    const reader = open.pop().createReader();
    while (found.length <= MOST_FILES) {
      const batch = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
      if (batch.length === 0) break;
      open.push(...batch.filter((entry) => entry.isDirectory));
      for (const entry of batch.filter((one) => one.isFile)) {
        if (found.length > MOST_FILES) break;
        const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
        if (file) found.push(Object.assign(file, { path: entry.fullPath.slice(1) }));
      }
    }
  }
  return found;
}

// What was found, as a copy of the page's templates.

function shown(name, finding, number) {
  const node = copy('finding').firstElementChild;
  node.dataset.verdict = finding.verdict;
  fill(node, 'name', visible(name));
  slot(node, 'name').id = `file-${number}`;
  node.setAttribute('aria-labelledby', `file-${number}`);
  slot(node, 'verdict').replaceChildren(copy(`verdict-${finding.verdict}`));
  slot(node, 'kind').replaceChildren(copy(`kind-${finding.kind}`) ?? '');
  const trouble = finding.problem;
  if (trouble) {
    slot(node, 'meaning').replaceChildren(copy(`problem-${trouble.code}`) ?? copy('problem-STOPPED'));
    fill(node, 'detail', trouble.detail);
  } else {
    slot(node, 'meaning').replaceChildren(copy(`meaning-${finding.verdict}`));
  }
  const checks = (finding.checks ?? []).map(check);
  if (checks.length === 0) {
    // There is nothing to unfold.
    for (const part of node.querySelectorAll('[data-of="checks"]')) part.remove();
    return node;
  }
  fill(node, 'count', String(checks.length));
  // A package by reference does not hold what the last check needs.
  const short = finding.kind === 'package' && !finding.checks.some(({ name }) => name === 'router_digest');
  rows(node, 'checks', short ? [...checks, copy('check-not-made')] : checks);
  rows(node, 'facts', (finding.summary ?? []).map(pair));
  rows(node, 'steps', (finding.story ?? []).map(step));
  const file = finding.file_digest ? [['This file, as sha256sum prints it', finding.file_digest]] : [];
  rows(node, 'digests', [...(finding.digests ?? []), ...file].map(pair));
  if (finding.more_steps > 0) fill(node, 'more', `… and ${finding.more_steps} more.`);
  return node;
}

/** Puts rows where they belong; without any, what belongs to them goes too. */
function rows(node, name, made) {
  if (made.length > 0) slot(node, name).append(...made);
  else for (const part of node.querySelectorAll(`[data-of="${name}"]`)) part.remove();
}

function pair([term, value]) {
  const node = copy('pair');
  fill(node, 'term', term);
  fill(node, 'value', value);
  return node;
}

function step({ ts, actor, event, words }) {
  const node = copy('step');
  fill(node, 'ts', ts);
  fill(node, 'actor', actor);
  const told = copy(`event-${event}`);
  if (told) slot(node, 'event').replaceChildren(told);
  else fill(node, 'event', event);
  if (words) fill(node, 'words', words);
  else slot(node, 'words').remove();
  return node;
}

function check({ name, ok, expected, actual }) {
  const node = copy(`check-${name}`) ?? copy('check-other');
  slot(node, 'outcome').replaceChildren(copy(ok ? 'holds' : 'fails'));
  fill(node, 'check', name);
  fill(node, 'expected', expected ?? '(nothing)');
  fill(node, 'actual', actual ?? '(nothing)');
  return node;
}

// The page.

byId('folder').webkitdirectory = true;
for (const [id, fromFolder] of [['files', false], ['folder', true]]) {
  byId(id).addEventListener('change', ({ target }) => {
    const files = [...target.files];
    // The same file can be chosen again, after it was replaced.
    target.value = '';
    take(files, fromFolder);
  });
}
zone.addEventListener('dragover', (event) => {
  event.preventDefault();
  zone.classList.add('over');
});
zone.addEventListener('dragleave', () => zone.classList.remove('over'));
zone.addEventListener('drop', (event) => {
  event.preventDefault();
  zone.classList.remove('over');
  dropped(event.dataTransfer);
});
// A file that misses the zone must not replace the page.
for (const name of ['dragover', 'drop']) document.addEventListener(name, (event) => event.preventDefault());

byId('print').addEventListener('click', () => window.print());
byId('again').addEventListener('click', () => {
  queue = [];
  for (const counts of [totals, verdicts]) for (const name of Object.keys(counts)) counts[name] = 0;
  list.replaceChildren();
  results.hidden = true;
  say('');
  byId('files').focus();
});

// On paper everything is unfolded; afterwards it is as it was.
let folded = [];
window.addEventListener('beforeprint', () => {
  folded = [...list.querySelectorAll('details:not([open])')];
  for (const one of folded) one.open = true;
});
window.addEventListener('afterprint', () => {
  for (const one of folded) one.open = false;
});
