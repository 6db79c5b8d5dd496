// The worker of the page that verifies files: it waits for bytes, lets the module above judge them and says what was
// found. It stands behind the module's own script in one file, so that a worker needs nothing but itself and the wasm.
// It refuses to fetch anything else: what it is given stays on this machine.

const ready = wasm_bindgen({ module_or_path: new URL('verifier.wasm', self.location.href) });

ready.then(
  () => self.postMessage({ version: wasm_bindgen.version() }),
  () => self.postMessage({ missing: true }),
);

self.addEventListener('message', async ({ data }) => {
  try {
    await ready;
    self.postMessage({ finding: JSON.parse(wasm_bindgen.verify(new Uint8Array(data))) });
  } catch {
    // Memory that ran out, for instance. The page makes a new worker.
    self.postMessage({ stopped: true });
  }
});
