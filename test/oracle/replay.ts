import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigFileInput, runPipeline, type Trace } from '../../src/index.ts';
import { useServer } from '../support/server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type MadeTable, madeTables } from './made-tables.ts';

/** A resource and its rows, or the JSON text of the reply that has them. */
export type Resource = Omit<Exclude<ConfigFileInput['source']['resources'][number], string>, 'data' | 'endpoint'> & {
  readonly rows: readonly unknown[] | string;
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
  async run(...resources: readonly Resource[]): Promise<Trace> {
    const replies = new Map(resources.map(({ name, rows }) => [`/${name}`, rows]));
    const { url } = await useServer(({ path }, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(replies.get(path));
    });
    return runPipeline({
      pipeline: {
        name: 'oracle',
        dataset_name: 'data',
        destination: { type: 'duckdb', path: this.file },
        working_dir: this.#workingDir,
      },
      source: { name: 's', client: { base_url: url }, resources: resources.map(sourced) },
    });
  }

  async tables(): Promise<Record<string, MadeTable>> {
    return existsSync(this.file) ? madeTables(this.file) : {};
  }
}

function sourced({ rows, ...resource }: Resource): ConfigFileInput['source']['resources'][number] {
  if (typeof rows !== 'string') return { ...resource, data: () => rows };
  return { ...resource, endpoint: { path: resource.name, data_selector: '$', paginator: { type: 'single_page' } } };
}
