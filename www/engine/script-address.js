// @ts-check
// Addresses of scripts that are run: where a page asks for it (Trusted Types), they are vouched for here and nowhere else.

/** @typedef {{ createScriptURL: (address: string) => string }} Policy as browsers have it; what it gives passes as a string here */

const SCHEMES = ['https:', 'http:', 'blob:'];
/** @param {string} address */
function check(address) {
  const { protocol } = new URL(address, globalThis.location?.href);
  if (!SCHEMES.includes(protocol)) throw new TypeError(`no script is run from ${protocol}`);
  return address;
}

/** @type {Policy | null} */
let policy = null;

/**
 * An address that a worker may be started from: one of the page's own files, or a script of ours in a blob.
 * @param {string} address
 */
export function scriptAddress(address) {
  policy ??= makePolicy();
  return policy.createScriptURL(address);
}

/** @returns {Policy} */
function makePolicy() {
  const { trustedTypes } = /** @type {{ trustedTypes?: { createPolicy: (name: string, rules: Policy) => Policy } }} */ (/** @type {unknown} */ (globalThis));
  try {
    if (trustedTypes) return trustedTypes.createPolicy('hash-phase', { createScriptURL: check });
  } catch {
    // The page does not allow this policy: if it requires trusted script addresses, the browser reports it when the worker starts.
  }
  return { createScriptURL: check };
}
