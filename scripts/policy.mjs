// @ts-check
// What the built pages may do: their content security policy, in each page itself, so that it holds on any server.

/** Nothing but what is needed. Charts are fetched from any address that a link names; all else is the page's own. */
const rules = {
  'default-src': ["'none'"],
  // The engines are WebAssembly.
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  // Blob workers measure the number of processors and load workers from another origin.
  'worker-src': ["'self'", 'blob:'],
  'connect-src': ["'self'", 'https:', 'http:'],
  'style-src': ["'self'"],
  // The icon, and charts on their way to a PNG.
  'img-src': ["'self'", 'data:', 'blob:'],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  // No text becomes markup or script, except addresses that `www/engine/script-address.js` vouches for.
  'require-trusted-types-for': ["'script'"],
  'trusted-types': ['hash-phase'],
};

export const policy = Object.entries(rules).map(([name, sources]) => `${name} ${sources.join(' ')}`).join('; ');

/** Puts the policy into every page that is built. @returns {import('vite').Plugin} */
export const withPolicy = () => ({
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [{ tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' }],
});
