import { expect } from 'vitest';
import type { Row } from '../../src/duckdb/connection.ts';
import { parseState } from '../../src/load/pipeline-state.ts';
import { rawText } from '../../src/load/staging/raw-json.ts';
import { sandboxJobs } from '../../src/sandbox/ids.ts';
import type { Sandbox } from '../../src/sandbox/stand-in-api.ts';
import { withDuckdbFile } from '../support/duckdb-file.ts';
import { type Project as ShippedProject, shippedProject } from '../support/project.ts';
import { useSandbox } from '../support/sandbox.ts';
import type { CommandResult } from '../support/terminal.ts';

/** Rows of a SQL query. */
export type Read = (sql: string) => Promise<Row[]>;

export const PIPELINE = 'dezgo_api_pipeline';
export const DATASET = 'dezgo_api_data';

/** The shipped configuration, and the stand-in that it talks to. */
export class Project {
  readonly sandbox: Sandbox;
  readonly #project: ShippedProject;

  private constructor(sandbox: Sandbox, project: ShippedProject) {
    this.sandbox = sandbox;
    this.#project = project;
  }

  static async open(): Promise<Project> {
    const sandbox = await useSandbox();
    const { completed, failed } = sandboxJobs;
    const env = { DEZGO_API_KEY: sandbox.key, DEZGO_JOB_IDS: `${completed},${failed}` };
    return new Project(sandbox, await shippedProject(sandbox.url, env));
  }

  get folder() {
    return this.#project.cwd;
  }

  get file() {
    return this.#project.file;
  }

  /** Where the file is and what dlt calls it. */
  get names() {
    return { file: this.file, pipeline: PIPELINE, dataset: DATASET };
  }

  /** `dezgo-elt run`, which has to succeed. */
  async run(): Promise<void> {
    const result = await this.tryRun();
    expect(result, result.stderr).toMatchObject({ code: 0 });
  }

  tryRun(): Promise<CommandResult> {
    return this.#project.run();
  }

  rows(sql: string): Promise<Row[]> {
    return rowsOf(this.file, sql, DATASET);
  }
}

/** What our driver reads in a file; the dataset is the search path. */
export function rowsOf(file: string, sql: string, dataset: string): Promise<Row[]> {
  return withDuckdbFile(file, async (connection) => {
    await connection.run(`use file.${dataset}`);
    try {
      return await connection.rows(sql);
    } finally {
      await connection.run('use memory.main');
    }
  });
}

/** What dlt keeps in the newest state under `sources`, as the JSON text that it is. */
export async function sourcesText(read: Read): Promise<string | undefined> {
  const [newest] = await read('select state from _dlt_pipeline_state order by version desc, _dlt_load_id desc limit 1');
  const sources = parseState(String(newest?.state)).members.get('sources');
  return sources === undefined ? undefined : rawText(sources);
}

/** Rows a table, without the books. */
export async function countRows(read: Read): Promise<Record<string, number>> {
  const names = await read(
    "select table_name as name from duckdb_tables() where table_name not like '\\_%' escape '\\'",
  );
  const counts: Record<string, number> = {};
  for (const { name } of names) {
    const [count] = await read(`select count(*)::integer as n from "${name}"`);
    counts[String(name)] = Number(count?.n);
  }
  return counts;
}

/** Schema versions in the order in which they were stored, each of which has to be higher than the one before. */
export async function versionsOf(read: Read): Promise<readonly number[]> {
  const rows = await read('select version::integer as version from _dlt_version order by inserted_at');
  const versions = rows.map(({ version }) => Number(version));
  expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other));
  return versions;
}
