// @ts-check
// The charts as an archive to cite: whole, the same each time, and what it says of itself is true.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { unzipSync } from 'fflate';
import { pack } from '../../scripts/dataset.mjs';
import { root, target } from '../../scripts/places.mjs';
import { readColumns } from '../../www/chart/read-columns.js';
import { columnsOf } from '../../www/chart/columns.js';

const PATIENCE = 120_000;
const program = join(target, 'release', 'hash-phase');
/** @type {Record<string, Uint8Array>} */
let files = {};
let digest = '';
const sha256 = (/** @type {Uint8Array} */ bytes) => createHash('sha256').update(bytes).digest('hex');

before(async () => {
  const archive = await pack(program);
  const bytes = readFileSync(archive);
  digest = sha256(bytes);
  files = Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, file]) => [name.replace(/^[^/]*\//, ''), file]));
  rmSync(archive);
}, { timeout: PATIENCE });

const text = (/** @type {string} */ name) => new TextDecoder().decode(files[name]);

test('every file is listed with its digest, and the archive is the same each time', { timeout: PATIENCE }, async () => {
  const listed = Object.fromEntries(text('SHA256SUMS').trim().split('\n').map((line) => line.split('  ').reverse()));
  const others = Object.entries(files).filter(([name]) => name !== 'SHA256SUMS');
  assert.deepEqual(listed, Object.fromEntries(others.map(([name, bytes]) => [name, sha256(bytes)])));
  const again = await pack(program);
  assert.equal(sha256(readFileSync(again)), digest);
  rmSync(again);
});

test('each chart is there as columns, with the numbers of its chart file, and the guide names every column', () => {
  const guide = text('README.md');
  for (const { name, format } of JSON.parse(readFileSync(join(root, 'www', 'charts.json'), 'utf8'))) {
    const columns = readColumns(/** @type {Uint8Array<ArrayBuffer>} */ (files[`charts/${name}.arrow`].slice()));
    const { length } = columnsOf(columns);
    assert.ok(length > 0, name);
    if (format === 'arrow') continue;
    const chart = JSON.parse(text(`charts/${name}.json`));
    assert.equal(length, chart.cells.length, name);
    assert.equal(columns.provenance.command, chart.provenance.command);
    const { width, knn } = columnsOf(columns);
    for (const [at, cell] of chart.cells.entries()) {
      assert.equal(width[at], cell.width);
      if (cell.knn !== undefined) assert.equal(knn[at], cell.knn);
    }
    assert.ok(readFileSync(join(root, 'scripts', 'charts.json'), 'utf8').includes(`"${name}"`));
  }
  for (const column of ['width', 'epoch', 'samples', 'seed', 'level', 'bits', 'stopped', 'redundancy_train', 'redundancy_random', 'accuracy_test', 'kmeans_train', 'knn', 'logistic']) assert.ok(guide.includes(`\`${column}\``), column);
});

test('the citation is of this version', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.match(text('CITATION.cff'), new RegExp(`^version: ${version.replaceAll('.', '\\.')}$`, 'm'));
});
