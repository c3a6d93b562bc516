// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/places.mjs';
import { regime } from '../../www/chart/summary.js';

test('the page and the command line draw the same borders', () => {
  // The Rust test reads the same file.
  const cases = JSON.parse(readFileSync(join(root, 'tests', 'fixtures', 'regimes.json'), 'utf8'));
  assert.ok(cases.length > 5);
  for (const { thresholds, redundancy, categorization, best, regime: expected } of cases)
    assert.equal(regime(thresholds, redundancy, categorization, best), expected);
});
