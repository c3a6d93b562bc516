// @ts-check
// What a page's policy (Content-Security-Policy) has forbidden lately: browsers tell the page, and scripts only that something did not come.

/** @type {{ directive: string, address: string, at: number }[]} */
const forbidden = [];
/** Milliseconds for which a violation is the likely reason of a failure, and that a browser takes to tell of one. */
const LATELY = 10_000;
const SOON = 50;
const MOST = 20;

if (typeof document !== 'undefined')
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    forbidden.push({ directive: effectiveDirective, address: blockedURI, at: performance.now() });
    if (forbidden.length > MOST) forbidden.shift();
  });

/**
 * Whether what did not come from an address was forbidden, as the end of a sentence with the remedy; nothing where it was not.
 * @param {string} address
 * @returns {Promise<string>}
 */
export async function forbids(address) {
  await new Promise((go) => setTimeout(go, SOON));
  return forbiddenLately(address);
}

/** The same, as far as it is known now. @param {string} address */
export function forbiddenLately(address) {
  const { origin, protocol } = new URL(address, globalThis.location?.href);
  const isIt = (/** @type {{ address: string, at: number }} */ it) => performance.now() - it.at < LATELY && (it.address === address || it.address === protocol.slice(0, -1) || it.address === 'inline' || (URL.canParse(it.address) && new URL(it.address).origin === origin));
  const found = forbidden.findLast(isIt);
  return found ? `the policy of this page forbids it: add ${found.address === 'blob' ? 'blob:' : origin} to its ${found.directive}` : '';
}
