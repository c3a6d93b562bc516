// @ts-check
// Headers of a page whose workers may share memory. One that is isolated so from others can still be shown inside of any other.
export const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Resource-Policy': 'cross-origin' };
