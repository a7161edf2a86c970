import { join } from 'node:path';
import { expect } from 'vitest';
import type { Row } from '../../src/duckdb/connection.ts';
import { type ConfigFileInput, runPipeline } from '../../src/index.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { rowsOf } from './project.ts';

type Hints = Omit<ConfigFileInput['source']['resources'][number], 'name' | 'data' | 'endpoint'>;

/** Rows for one table, with hints that both programs read alike. */
export interface Rows {
  readonly name: string;
  readonly rows: readonly object[];
  readonly hints?: Hints;
}

/** A file that takes rows from our library, and what dlt calls it. */
export class RowsProject {
  readonly folder: string;
  readonly names: { readonly file: string; readonly pipeline: string; readonly dataset: string };

  private constructor(folder: string) {
    this.folder = folder;
    this.names = { file: join(folder, 'file.duckdb'), pipeline: 'p', dataset: 'data' };
  }

  static async open(): Promise<RowsProject> {
    return new RowsProject(await tempFolder());
  }

  /** One run of ours, which has to succeed. */
  async run(...resources: readonly Rows[]): Promise<void> {
    const { file, pipeline, dataset } = this.names;
    const trace = await runPipeline({
      pipeline: {
        name: pipeline,
        dataset_name: dataset,
        destination: { type: 'duckdb', path: file },
        working_dir: join(this.folder, '.dezgo-elt'),
      },
      source: {
        name: 's',
        resources: resources.map(({ name, rows, hints }) => ({ name, data: () => rows, ...hints })),
      },
    });
    expect(trace.failure).toBeUndefined();
  }

  /** What `run_rows` of user.py takes, for the same rows. */
  given(...resources: readonly Rows[]): object {
    return { ...this.names, schema: 's', resources: resources.map(({ hints, ...rest }) => ({ ...rest, ...hints })) };
  }

  rows(sql: string): Promise<Row[]> {
    return rowsOf(this.names.file, sql, this.names.dataset);
  }
}
