import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { yamlProject } from '../support/project.ts';
import { shared } from '../support/shared.ts';

async function publish(cwd: string): Promise<void> {
  await withDuckdbFile(join(cwd, 'file.duckdb'), async (connection) => {
    await connection.run('create schema data');
    await connection.run(
      "create table data.models as select range as id, '1749667187.541553' as _dlt_load_id from range(1200)",
    );
    await connection.run('create table data.models__tags (value varchar)');
    await connection.run(
      'create table data._dlt_loads (load_id varchar, schema_name varchar, status bigint, inserted_at timestamptz, schema_version_hash varchar)',
    );
    await connection.run(
      "insert into data._dlt_loads values ('1749667187.541553', 'shop', 0, '2025-06-11 18:39:47+00', 'h'), ('1749667188.000000', 'shop', 0, '2025-06-12 18:39:47+00', 'h')",
    );
  });
}

const failed = shared(async () => {
  const { cwd, run } = await yamlProject();
  await run(['run'], { SHOP_KEY: 'key', RUNTIME__REQUEST_MAX_ATTEMPTS: '1' });
  return cwd;
});

/** With one run behind it, which failed. */
async function failedProject() {
  const project = await yamlProject();
  await cp(await failed(), project.cwd, { recursive: true });
  return project;
}

const neverLoaded = {
  loadId: null,
  loadedAt: null,
  rows: null,
  checkedAt: null,
  ageSeconds: null,
  maxAgeSeconds: null,
  isStale: false,
};
const neverChecked = { unchangedAt: null, unchangedSeconds: null };

describe('dezgo-elt info', () => {
  it('says "no loads yet" without a file, exit 0, and makes none', async () => {
    const { cwd, run } = await yamlProject();
    const { code, stdout, stderr } = await run(['info']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('No loads yet.');
    const json = await run(['info', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toEqual({
      pipeline: 'small',
      dataset: 'data',
      destination: join(cwd, 'file.duckdb'),
      running: null,
      pending: [],
      rejected: [],
      packages: [],
      runs: [],
      lastFailure: null,
      resources: [
        { name: 'models', selected: true, ...neverLoaded },
        { name: 'images', selected: false, ...neverLoaded },
      ],
      loads: null,
      tables: null,
      paidReplies: [],
      archivedLoads: [],
      exitCode: 0,
      failure: null,
      unreadable: null,
    });
  });

  it('shows the last loads, the newest first, row counts, and packages that wait', async () => {
    const { cwd, run } = await yamlProject();
    await publish(cwd);
    await mkdir(join(cwd, '.dezgo-elt/packages'), { recursive: true });
    await writeFile(join(cwd, '.dezgo-elt/packages/1749667199.000000.duckdb'), 'not read');
    const { code, stdout, stderr } = await run(['info']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.replace(/\d+ days ago/g, 'N days ago').split('\n')).toEqual([
      `Pipeline small, dataset data, destination ${join(cwd, 'file.duckdb')}`,
      '',
      'Resources, and when they were last loaded well or found unchanged:',
      '  models  N days ago',
      '',
      'Last loads (times are UTC):',
      '  1749667188.000000  2025-06-12T18:39:47.000Z  loaded  N days ago',
      '  1749667187.541553  2025-06-11T18:39:47.000Z  loaded  N days ago',
      '',
      'Tables:',
      '  models        1,200 rows  last written N days ago',
      '  models__tags      0 rows',
      '',
      'Pending packages (the next run loads or, where not complete, continues them):',
      '  1749667199.000000  N days ago',
      '',
    ]);
  });

  it('shows failed runs and packages that were set aside', async () => {
    const { cwd, run } = await failedProject();
    await mkdir(join(cwd, '.dezgo-elt/packages/rejected'), { recursive: true });
    await writeFile(join(cwd, '.dezgo-elt/packages/rejected/1749667199.000000.duckdb'), 'not read');
    const { stdout } = await run(['info']);
    expect(stdout).toMatch(
      /Last runs \(times are UTC\):\n {2}\d{4}-\S+Z {2}small {2}0 rows {2}exit 5 after \d\.\d\d seconds: No answer to GET /,
    );
    const file = join(cwd, '.dezgo-elt/packages/rejected/1749667199.000000.duckdb');
    expect(stdout).toMatch(/^Packages set aside \(no run loads them: .*\):\n {2}1749667199\.000000 /m);
    expect(stdout).toContain(`  ${file}\n`);
    const json = await run(['info', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      rejected: ['1749667199.000000'],
      packages: [{ loadId: '1749667199.000000', state: 'rejected', createdAt: '2025-06-11T18:39:59.000Z', file }],
      runs: [
        {
          pipeline: 'small',
          exitCode: 5,
          rows: 0,
          milliseconds: expect.any(Number),
          failure: expect.stringContaining('/models'),
          failureCode: 'SourceUnavailable',
        },
      ],
    });
  });

  it('gives the same as JSON', async () => {
    const { cwd, run } = await yamlProject();
    await publish(cwd);
    const { stdout } = await run(['info', '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      loads: [
        { loadId: '1749667188.000000', insertedAt: '2025-06-12T18:39:47.000Z', status: 0 },
        { loadId: '1749667187.541553', insertedAt: '2025-06-11T18:39:47.000Z', status: 0 },
      ],
      tables: [
        {
          name: 'models',
          rows: 1200,
          loadedAt: '2025-06-11T18:39:47.000Z',
          ageSeconds: expect.any(Number),
          ...neverChecked,
        },
        { name: 'models__tags', rows: 0, loadedAt: null, ageSeconds: null, ...neverChecked },
      ],
    });
  });

  it('ends with 3 and a line for each resource that is older than --max-age, as a health check', async () => {
    const { cwd, run } = await yamlProject();
    const never = await run(['info', '--max-age', '26h', '--quiet']);
    expect(never).toMatchObject({ code: 3, stdout: '' });
    expect(never.stderr).toMatch(/^error: `models` was never loaded \(--max-age 26h\)\. — .*dezgo-elt run models\n$/);
    await publish(cwd);
    const stale = await run(['info', '--max-age', '26h', '--max-age', 'images=1h', '--format', 'json']);
    expect(stale.code).toBe(3);
    expect(JSON.parse(stale.stdout)).toMatchObject({
      exitCode: 3,
      failure: { code: 'DataStale', facts: { resource: 'models', checkedAt: '2025-06-11T18:39:47.000Z' } },
      unreadable: null,
      resources: [
        { name: 'models', selected: true, isStale: true, maxAgeSeconds: 93_600, ageSeconds: expect.any(Number) },
        { name: 'images', selected: false, isStale: true, maxAgeSeconds: 3600, checkedAt: null },
      ],
    });
    expect(stale.stderr.split('\n').map((line) => line.split(' ')[1])).toEqual(['`models`', '`images`', undefined]);
    const fresh = await run([
      'info',
      '--max-age',
      '1h',
      '--max-age',
      'models=100000d',
      '--limit',
      '1',
      '--format',
      'json',
    ]);
    expect(fresh).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(fresh.stdout).loads).toHaveLength(1);
    for (const wrong of ['soon', '-1h', 'modes=1h'])
      expect(await run(['info', '--max-age', wrong])).toMatchObject({ code: 2 });
  });

  it('says what is wrong with a file that is no DuckDB file, exit 6, after what can be told without it', async () => {
    const { cwd, run } = await failedProject();
    await writeFile(join(cwd, 'file.duckdb'), 'x'.repeat(10_000));
    const { code, stdout, stderr } = await run(['info']);
    expect(code).toBe(6);
    expect(stdout).toMatch(
      /^Pipeline small.*\n\nLast failure, just now: exit 5: No answer to GET .*\n {2}.*\n\nLast runs \(times are UTC\):\n.* exit 5 /,
    );
    expect(stderr).toMatch(/^error: \S+file\.duckdb is not a DuckDB file\. — /);
    const json = JSON.parse((await run(['info', '--format', 'json'])).stdout);
    expect(json).toMatchObject({
      exitCode: 6,
      failure: { code: 'DestinationUnreadable' },
      runs: [{ exitCode: 5 }],
      loads: null,
    });
  });
});
