import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { DatasetReader } from '../destinations/destination.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { jsonCell, textCell } from '../duckdb/cells.ts';
import { rowForms } from '../report/forms/row-forms.ts';
import { isNumeric } from '../schema/duckdb-type.ts';

export type RowsFileForm = 'csv' | 'json' | 'jsonl' | 'parquet';

export interface RowsFile {
  /** Absolute; what stands there is replaced. */
  readonly path: string;
  readonly form: RowsFileForm;
}

/**
 * Writes all rows of a statement that reads to a file. The destination is opened for that, locked down, and closed again.
 *
 * @throws PipelineError QueryFailed: the SQL is no good. Half a file may be left then.
 */
export async function writeRowsFile(config: PipelineConfig, sql: string, { path, form }: RowsFile): Promise<void> {
  if (form !== 'parquet') return reading(config, undefined, (reader) => writeText(reader, sql, { path, form }));
  await reading(config, undefined, (reader) => reader.check(sql));
  await reading(config, path, async (reader) => void (await reader.writeParquet(sql)));
}

// --- internal ---

/** Megabytes that DuckDB may use. */
const MEMORY = 512;

async function reading(
  config: PipelineConfig,
  writable: string | undefined,
  work: (reader: DatasetReader) => Promise<void>,
): Promise<void> {
  const reader = await destinationOf(config).reader({ memory: MEMORY, writable });
  try {
    await work(reader);
  } finally {
    reader.close();
  }
}

async function writeText(
  reader: DatasetReader,
  sql: string,
  { path, form }: { readonly path: string; readonly form: Exclude<RowsFileForm, 'parquet'> },
): Promise<void> {
  const { begin, cells } = rowForms[form];
  const cellOf = cells === 'json' ? jsonCell : textCell;
  const { columns, batches } = await reader.query(sql);
  const writer = begin(columns.map(({ name, type }) => ({ name, isNumber: isNumeric(String(type)) })));
  async function* texts(): AsyncGenerator<string> {
    for await (const batch of batches()) {
      yield writer.rows(batch.map((row) => columns.map(({ type }, index) => cellOf(row[index] ?? null, type))));
    }
    yield writer.end();
  }
  await pipeline(Readable.from(texts()), createWriteStream(path));
}
