import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileError } from '../../duckdb/file-errors.ts';
import { quotedString } from '../../duckdb/quote.ts';
import type { StagedRows } from './warehouse-transport.ts';

/** What DuckDB writes. CSV: no header, `\N` for null, every other text as it is; Parquet: zstd, or snappy. */
const formats = {
  csv: { ending: '.csv', options: "format csv, header false, nullstr '\\N'" },
  parquet: { ending: '.parquet', options: 'format parquet, compression zstd' },
  snappy: { ending: '.parquet', options: 'format parquet, compression snappy' },
} as const;

export interface StagedFile {
  readonly path: string;
  readonly rows: number;
}

/** Lets `work` send the rows as a file in that folder, which is deleted afterwards. */
export async function whileStaged<T>(
  { label, select, connection }: StagedRows,
  format: keyof typeof formats,
  folder: string,
  work: (file: StagedFile) => Promise<T>,
): Promise<T> {
  const { ending, options } = formats[format];
  const path = join(folder, `${label}${ending}`);
  try {
    const sql = `copy (${select.sql}) to ${quotedString(path)} (${options})`;
    const rows = await connection.change(sql, select.values).catch((error: unknown) => {
      throw openFileError(error, path) ?? error;
    });
    return await work({ path, rows });
  } finally {
    await rm(path, { force: true });
  }
}
