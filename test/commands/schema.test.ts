import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { smallProject, yamlProject } from '../support/project.ts';
import { useServer } from '../support/server.ts';
import { shared } from '../support/shared.ts';

/** Two loads: the second brings a column and a fraction. */
const loadedTwice = shared(async () => {
  let prices: unknown[] = [{ id: 1, price: 2, tags: ['a'] }];
  const { url } = await useServer(() => prices);
  const project = await smallProject(url, {
    resources: [
      {
        name: 'prices',
        description: 'What it costs: €',
        primary_key: 'id',
        write_disposition: 'merge',
        endpoint: { path: 'prices', data_selector: '$' },
      },
    ],
  });
  await project.run();
  prices = [{ id: 2, price: 0.5, note: 'yes', tags: [] }];
  await project.run();
  return project;
});

describe('dezgo-elt schema', () => {
  it('prints the stored document as dlt does: names only as keys, in their order', async () => {
    const { run } = await loadedTwice();
    const { code, stdout, stderr } = await run(['schema']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = parse(stdout);
    expect(Object.keys(document)).toEqual([
      'version',
      'version_hash',
      'engine_version',
      'name',
      'tables',
      'settings',
      'normalizers',
      'previous_hashes',
    ]);
    expect(document).toMatchObject({ version: 2, engine_version: 11, name: 'shop' });
    const { prices } = document.tables;
    expect(prices).toMatchObject({
      resource: 'prices',
      write_disposition: 'merge',
      description: 'What it costs: €',
      columns: {
        id: { data_type: 'bigint', nullable: false, primary_key: true },
        price: { data_type: 'double', nullable: true },
        note: { data_type: 'text', nullable: true },
      },
    });
    expect(prices).not.toHaveProperty('name');
    expect(prices.columns.id).not.toHaveProperty('name');
    expect(document.tables.prices__tags.parent).toBe('prices');
    expect(stdout).toContain('  detections:\n  - iso_timestamp\n');
  });

  it('prints the same as JSON', async () => {
    const { run } = await loadedTwice();
    const yaml = await run(['schema', '--format', 'yaml']);
    const json = await run(['schema', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toEqual(parse(yaml.stdout));
  });

  it('lists the changes, the newest load first, as JSON with the keys of a run’s report', async () => {
    const { run } = await loadedTwice();
    const { code, stdout, stderr } = await run(['schema', '--changes', '--format', 'json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const changes = JSON.parse(stdout);
    expect(changes[0]).toEqual({
      loadId: expect.stringMatching(/^\d{10}\.\d{6}$/),
      table: 'prices',
      column: 'note',
      change: 'column_added',
      oldType: null,
      newType: 'VARCHAR',
      firstValue: 'yes',
      changedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(changes.map((change: Record<string, unknown>) => [change.column, change.change])).toEqual([
      ['note', 'column_added'],
      ['price', 'column_widened'],
      [null, 'table_added'],
      ['id', 'column_added'],
      ['price', 'column_added'],
      [null, 'table_added'],
      ['value', 'column_added'],
    ]);
  });

  it('lists them as text, a heading for each load', async () => {
    const { run } = await loadedTwice();
    const { stdout } = await run(['schema', '--changes']);
    expect(stdout).toMatch(/^Load \d{10}\.\d{6}, \S+Z\n {2}prices\.note {3}column added {4}VARCHAR/);
    expect(stdout).toMatch(/\n {2}prices\.price {2}column widened {2}BIGINT → DOUBLE/);
    expect(stdout.match(/^Load /gm)).toHaveLength(2);
  });

  it('says "no loads yet" without a file, exit 0, and makes none', async () => {
    const { cwd, run } = await yamlProject();
    for (const [args, answer] of [
      [['schema'], '# No loads yet.\n'],
      [['schema', '--format', 'json'], 'null\n'],
      [['schema', '--changes'], 'No loads yet.\n'],
      [['schema', '--changes', '--format', 'json'], '[]\n'],
    ] as const) {
      expect(await run(args)).toEqual({ code: 0, stdout: answer, stderr: '' });
    }
    await expect(stat(join(cwd, 'file.duckdb'))).rejects.toThrow('ENOENT');
  });

  it.each([
    [['schema', '--format', 'text'], '`--format text` is only for `--changes` and `--diff`.'],
    [['schema', '--changes', '--format', 'yaml'], '`--changes` has no form `yaml`.'],
    [['schema', '--changes', '--format', 'dbml'], '`--changes` has no form `dbml`.'],
    [['schema', '--format', 'dot'], 'dot'],
    [['schema', '--diff', '--format', 'yaml'], '`--diff` has no form `yaml`.'],
    [['schema', 'prices'], 'Resources are only for `--diff`.'],
    [['schema', '--diff', '--changes'], 'cannot be used with'],
  ])('refuses %j, exit 2', async (args, message) => {
    const { run } = await yamlProject();
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('says what the configuration would change, and what it would leave alone', async () => {
    const project = await loadedTwice();
    expect((await project.run(['schema', '--diff'])).stdout).toBe('The configuration changes nothing in the tables.\n');
    const config = parse(await readFile(join(project.cwd, 'pipeline.config.yaml'), 'utf8'));
    const [prices] = config.source.resources;
    const columns = { checked: { data_type: 'bool' }, note: { data_type: 'bigint' } };
    config.source.resources = [
      { ...prices, primary_key: ['id', 'note'], columns },
      { ...prices, name: 'others' },
      { ...prices, name: 'aside', selected: false },
    ];
    await writeFile(join(project.cwd, 'changed.yaml'), JSON.stringify(config));
    const { code, stdout, stderr } = await project.run(['schema', '--diff', '-c', 'changed.yaml']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('The next load would change');
    expect(stdout).toMatch(/^ {2}prices\.checked +new column, BOOLEAN$/m);
    expect(stdout).toMatch(/^ {2}prices\.note +stays VARCHAR, although the configuration says BIGINT$/m);
    expect(stdout).toMatch(/^ {2}prices +primary key id → id, note$/m);
    expect(stdout).toMatch(/^ {2}others +new table$/m);
    expect(stdout).not.toContain('aside');
    const named = await project.run(['schema', '--diff', '-c', 'changed.yaml', 'aside']);
    expect(named.stdout).toMatch(/change.*:\n {2}aside +new table$/m);
    expect(named.stdout).not.toContain('others');
    const json = await project.run(['schema', '--diff', '-c', 'changed.yaml', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ changes: expect.any(Array), exitCode: 0, failure: null });
  });

  it('draws the tables with what joins them', async () => {
    const { run } = await loadedTwice();
    const mermaid = await run(['schema', '--format', 'mermaid']);
    expect(mermaid).toMatchObject({ code: 0, stderr: '' });
    expect(mermaid.stdout).toContain('    bigint id PK\n');
    expect(mermaid.stdout).toContain('"prices" ||--o{ "prices__tags" : "tags"');
    const { stdout } = await run(['schema', '--format', 'dbml']);
    expect(stdout).toContain('Table "data"."prices" {\n  "id" BIGINT [pk, not null]\n');
    expect(stdout).toContain('Ref: "data"."prices__tags"."_dlt_parent_id" > "data"."prices"."_dlt_id"');
  });

  it('changes nothing in the file', async () => {
    const { run, file } = await loadedTwice();
    const before = await readFile(file);
    await run(['schema']);
    await run(['schema', '--changes']);
    expect(before.equals(await readFile(file))).toBe(true);
  });
});
