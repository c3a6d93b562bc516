// Written by `npm run package`: where everything lies in the package.
declare module 'hash-phase/addresses' {
  import type { Catalogue } from '../engine/catalogue.js';
  import type { Home } from '../element/take-away.js';
  export const home: Home & { engines: Catalogue };
}
