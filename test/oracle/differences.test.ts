import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hasOracle, readOracle } from '../support/dlt-oracle.ts';
import { projectRoot } from '../support/repository.ts';
import { differences, rows } from './differences.ts';
import { caseName, noRestDetect, type OracleCase, type RestDetect, type RowIds, type Types } from './oracle-case.ts';

it('every row that the list of differences names is in docs/, and is named by a difference', () => {
  const told = readFileSync(join(projectRoot, 'docs/differences-from-dlt.md'), 'utf8');
  for (const row of Object.values(rows)) expect(told).toContain(`\n| ${row} | `);
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
  const rest = readOracle<RestDetect>('rest_detect.json', noRestDetect);
  const recorded = [
    ...rest.selector_autodetect.map(caseName.selector),
    ...rest.paginator_autodetect.map(caseName.paginator),
    ...rest.single_entity_path.map(caseName.singleEntity),
    ...rest.jsonpath.cases.map(caseName.jsonPath),
    ...cases.map(caseName.normalize),
    ...coercion.map(caseName.coercion),
    ...inference.map(caseName.inference),
    ...row_hashes.map(caseName.rowHash),
  ];
  expect(names.filter((name) => !recorded.includes(name))).toEqual([]);
});
