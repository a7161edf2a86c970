import { describe, expect, test } from 'vitest';
import { sandboxModels } from '../../src/sandbox/models.ts';
import { runPython, useDlt } from './dlt.ts';
import { countRows, DATASET, PIPELINE, Project } from './project.ts';

/** What `described` of user.py tells. */
interface Restored {
  readonly first_run: boolean;
  readonly default_schema_name: string;
  readonly state: Readonly<Record<string, unknown>>;
  readonly schemas: Readonly<Record<string, RestoredSchema>>;
}

interface RestoredSchema {
  readonly stored: Version;
  readonly restored: Version;
  readonly computed: Version & { readonly of_document: string };
  readonly modified: boolean;
  readonly tables: readonly string[];
}

interface Version {
  readonly version: number;
  readonly hash: string;
}

const tables = ['account_tx_last', 'jobs', 'jobs__result__images', 'models', 'models__categories', 'models__functions'];

describe('on a machine that has only our file', () => {
  const dlt = useDlt();

  test.each(['restore', 'attach'])(
    '%s finds pipeline, state and schema, with the hash that dlt computes',
    async (how) => {
      const project = await Project.open();
      await project.run();
      project.sandbox.setModels([...sandboxModels, { id: 'new', name: 'With a new column', price: 0.5 }]);
      await project.run();

      const { first_run, default_schema_name, state, schemas } = await dlt<Restored>(how, project.names);

      expect({ first_run, default_schema_name }).toEqual({ first_run: false, default_schema_name: 'dezgo_api_source' });
      expect(state).toMatchObject({
        pipeline_name: PIPELINE,
        dataset_name: DATASET,
        schema_names: ['dezgo_api_source'],
      });
      const schema = schemas.dezgo_api_source;
      expect(schema?.stored.version).toBe(2);
      expect(schema?.computed).toEqual({ ...schema?.stored, of_document: schema?.stored.hash });
      expect(schema?.restored).toEqual(schema?.stored);
      expect(schema?.modified).toBe(false);
      expect(schema?.tables).toEqual(expect.arrayContaining(tables));
    },
  );

  test('dataset() reads tables, row counts and loads', async () => {
    const project = await Project.open();
    await project.run();

    const read = await dlt<{ counts: object; columns: string[]; rows: number; load_ids: string[] }>('read', {
      ...project.names,
      table: 'models',
    });

    const ours = await countRows((sql) => project.rows(sql));
    expect(read.counts).toEqual(ours);
    expect(read.rows).toBe(ours.models);
    expect(read.columns).toEqual(expect.arrayContaining(['id', 'native_resolution__width', '_dlt_id', '_dlt_load_id']));
    const loads = await project.rows('select load_id from _dlt_loads');
    expect(read.load_ids).toEqual(loads.map(({ load_id }) => load_id));
  });
});

describe('in the folder of our file', () => {
  test('the published lines and `dlt pipeline` work after one sync_destination', async () => {
    const project = await Project.open();
    await project.run();
    const options = { cwd: project.folder };
    const sync = `dlt.pipeline("${PIPELINE}", destination="duckdb", dataset_name="${DATASET}").sync_destination()`;
    await runPython('python', ['-c', `import dlt; ${sync}`], options);

    const count = await runPython(
      'python',
      ['-c', `import dlt; print(len(dlt.pipeline("${PIPELINE}").dataset().models.df()))`],
      options,
    );
    expect(Number(count)).toBe((await countRows((sql) => project.rows(sql))).models);

    const info = await runPython('dlt', ['pipeline', PIPELINE, 'info'], options);
    expect(info).toMatch(/models with \d+ table\(s\)/);
    const schema = await runPython('dlt', ['pipeline', PIPELINE, 'schema'], options);
    for (const table of tables) expect(schema).toContain(`\n  ${table}:`);
  });
});
