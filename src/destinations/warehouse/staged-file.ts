import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileError } from '../../duckdb/file-errors.ts';
import { quotedString } from '../../duckdb/quote.ts';
import type { StagedRows } from './warehouse-transport.ts';

/** What DuckDB writes. CSV: no header, `\N` for null, every other text as it is, under its name from the first byte; Parquet: zstd, or snappy. */
const formats = {
  csv: { ending: '.csv', options: "format csv, header false, nullstr '\\N', use_tmp_file false" },
  parquet: { ending: '.parquet', options: 'format parquet, compression zstd' },
  snappy: { ending: '.parquet', options: 'format parquet, compression snappy' },
} as const;

type Format = keyof typeof formats;

export interface StagedFile {
  readonly path: string;
  readonly rows: number;
}

/** Lets `work` send the rows as a file in that folder, which is deleted afterwards. */
export async function whileStaged<T>(
  staged: StagedRows,
  format: Format,
  folder: string,
  work: (file: StagedFile) => Promise<T>,
): Promise<T> {
  const path = stagedPath(staged, format, folder);
  try {
    return await work({ path, rows: await writeRows(staged, format, path) });
  } finally {
    await rm(path, { force: true });
  }
}

export function stagedPath({ label }: StagedRows, format: Format, folder: string): string {
  return join(folder, `${label}${formats[format].ending}`);
}

/** Answers how many rows there are. Throws DestinationFailed where the file cannot be written. */
export async function writeRows({ select, connection }: StagedRows, format: Format, path: string): Promise<number> {
  const sql = `copy (${select.sql}) to ${quotedString(path)} (${formats[format].options})`;
  return connection.change(sql, select.values).catch((error: unknown) => {
    throw openFileError(error, path) ?? error;
  });
}
