import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hasOracle, readOracle } from '../support/dlt-oracle.ts';
import { projectRoot } from '../support/repository.ts';
import { differences, rows } from './differences.ts';
import { caseName, type OracleCase, type RowIds, type Types } from './oracle-case.ts';

it('every row that the list of differences names is in the README, and is named by a difference', () => {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const [, section = ''] = readme.split('### Where it differs from dlt, on purpose');
  for (const row of Object.values(rows)) expect(section).toContain(`\n| ${row} | `);
  expect(new Set(differences.map(([, row]) => row))).toEqual(new Set(Object.keys(rows)));
});

const names = differences.map(([name]) => name);

it('no case is listed twice', () => {
  expect(names).toEqual([...new Set(names)]);
});

it.skipIf(!hasOracle)('every case of the list of differences is recorded', () => {
  const { cases } = readOracle<{ cases: OracleCase[] }>('normalize.json', { cases: [] });
  const { coercion, inference } = readOracle<Types>('types.json', { coercion: [], inference: [] });
  const { row_hashes } = readOracle<RowIds>('row_ids.json', { child_ids: [], row_hashes: [] });
  const recorded = [
    ...cases.map(caseName.normalize),
    ...coercion.map(caseName.coercion),
    ...inference.map(caseName.inference),
    ...row_hashes.map(caseName.rowHash),
  ];
  expect(names.filter((name) => !recorded.includes(name))).toEqual([]);
});
