import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigFileInput, PipelineError, runPipeline, type Trace } from '../../src/index.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type MadeTable, madeTables } from './made-tables.ts';
import type { OracleCase } from './oracle-case.ts';

export type Resource = Omit<Exclude<ConfigFileInput['source']['resources'][number], string>, 'data' | 'endpoint'> & {
  readonly rows: readonly unknown[];
};

/** A destination of the running test, and a pipeline that takes its rows from the program. */
export class Replay {
  readonly file: string;
  readonly #workingDir: string;

  private constructor(folder: string) {
    this.file = join(folder, 'file.duckdb');
    this.#workingDir = join(folder, '.dezgo-elt');
  }

  static async open(): Promise<Replay> {
    return new Replay(await tempFolder());
  }

  /** One run of the public pipeline; a configuration that is refused throws. */
  run(...resources: readonly Resource[]): Promise<Trace> {
    return this.#run({ resources: resources.map(({ rows, ...resource }) => ({ ...resource, data: () => rows })) });
  }

  /** One run of a resource `t` whose records are a reply's JSON text. */
  async reply(json: string, hints: Omit<Resource, 'name' | 'rows'> = {}): Promise<Trace> {
    const { url } = await useServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(json);
    });
    const endpoint = { path: 'records', data_selector: '$', paginator: { type: 'single_page' as const } };
    return this.#run({ client: { base_url: url }, resources: [{ name: 't', ...hints, endpoint }] });
  }

  #run(source: Omit<ConfigFileInput['source'], 'name'>): Promise<Trace> {
    return runPipeline({
      pipeline: {
        name: 'oracle',
        dataset_name: 'data',
        destination: { type: 'duckdb', path: this.file },
        working_dir: this.#workingDir,
      },
      source: { name: 's', ...source },
    });
  }

  async tables(): Promise<Record<string, MadeTable>> {
    return existsSync(this.file) ? madeTables(this.file) : {};
  }
}

/** What our pipeline makes of a case: its tables, and the code of the error that ended it. */
export async function replay(one: OracleCase): Promise<{ tables: Record<string, MadeTable>; error: string | null }> {
  const project = await Replay.open();
  for (const rows of one.runs) {
    const error = await failureOf(() => project.run(resourceOf(one, rows)));
    if (error !== null) return { tables: await project.tables(), error };
  }
  return { tables: await project.tables(), error: null };
}

function resourceOf({ table, hints, max_table_nesting: nesting }: OracleCase, rows: readonly unknown[]): Resource {
  return { name: 't', table_name: table, rows, ...hints, ...(nesting === null ? {} : { max_table_nesting: nesting }) };
}

async function failureOf(run: () => Promise<Trace>): Promise<string | null> {
  try {
    return (await run()).failure?.code ?? null;
  } catch (thrown) {
    if (thrown instanceof PipelineError) return thrown.code;
    throw thrown;
  }
}
