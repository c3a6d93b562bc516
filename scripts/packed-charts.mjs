// @ts-check
// The reference charts that the built page fetches, stored as columns: a third less to fetch before the first chart. Under charts/ they lie
// as chart files, for everybody else.
import { readFileSync } from 'node:fs';
import { parse } from 'node:path';
import { packed } from '../www/chart/columns.js';

/** @returns {import('vite').Plugin} */
export const packedCharts = () => ({
  name: 'packed-charts',
  apply: 'build',
  enforce: 'pre',
  load(id) {
    const file = /^(.*\/www\/charts\/[^/]+\.json)\?url$/.exec(id)?.[1];
    if (!file) return null;
    const source = JSON.stringify(packed(JSON.parse(readFileSync(file, 'utf8'))));
    return `export default import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'asset', name: parse(file).base, source })};`;
  },
});
