import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { quotedIdentifier, quotedString } from '../../duckdb/quote.ts';
import { PipelineError } from '../../errors.ts';
import type { ActualTable } from '../../load/catalogue.ts';
import { type Target, targetTable } from '../../load/target.ts';

/** What a table got by a load, as a file of this machine. */
export interface ExportedTable {
  readonly table: string;
  readonly path: string;
  readonly rows: number;
}

/** Types that Parquet has no word for, or that DuckDB writes otherwise than dlt, and as what they go. */
const carriers: Readonly<Record<string, string>> = {
  HUGEINT: 'DECIMAL(38,0)', // would become DOUBLE, and lose digits
  JSON: 'VARCHAR',
};

/** What a decimal of 38 digits holds: a column with a number beyond goes as text. */
const MOST = '9'.repeat(38);

/** The type in which a column of this type is written. */
export function carrierOf(type: string): string {
  return carriers[type] ?? type;
}

/** All rows of a table of the draft, as Parquet. */
export async function exportTable(target: Target, table: ActualTable, folder: string): Promise<ExportedTable> {
  const texts = await columnsTooLarge(target, table);
  const columns = [...table.columns.values()].map(({ name, type }) => {
    const column = quotedIdentifier(name);
    const carrier = texts.has(name) ? 'VARCHAR' : carrierOf(type);
    return carrier === type ? column : `cast(${column} as ${carrier}) as ${column}`;
  });
  const select = `select ${columns.join(', ')} from ${targetTable(target, table.name)}`;
  return writeFile(target, table.name, select, join(folder, 'table.parquet'), 'format parquet, compression zstd');
}

/** All rows of one of the books, as lines of JSON. */
export async function exportBook(target: Target, table: string, folder: string): Promise<ExportedTable> {
  return writeFile(target, table, `from ${targetTable(target, table)}`, join(folder, 'book.jsonl'), 'format json');
}

/** The same for a load that is done again, with the rows that are in it: they can be counted without opening the file. */
export function fileId({ table, rows }: ExportedTable, loadId: string): string {
  return `${createHash('sha256').update(`${loadId}\n${table}`).digest('hex').slice(0, 10)}-${rows}`;
}

/** Undefined for a file of dlt's. */
export function rowsIn(key: string): number | undefined {
  const [, rows] = /[./_-][\da-f]{10}-(\d+)\./.exec(key) ?? [];
  return rows === undefined ? undefined : Number(rows);
}

// --- internal ---

async function columnsTooLarge(target: Target, table: ActualTable): Promise<ReadonlySet<string>> {
  const names = [...table.columns.values()].flatMap(({ name, type }) => (type === 'HUGEINT' ? [name] : []));
  if (names.length === 0) return new Set();
  const largest = names
    .map(quotedIdentifier)
    .map((name) => `bool_or(${name} not between -${MOST} and ${MOST}) as ${name}`);
  const row = await target.connection.row(`select ${largest.join(', ')} from ${targetTable(target, table.name)}`);
  return new Set(names.filter((name) => row?.[name] === true));
}

async function writeFile(
  { connection }: Target,
  table: string,
  select: string,
  path: string,
  how: string,
): Promise<ExportedTable> {
  await rm(path, { force: true });
  try {
    const rows = await connection.change(`copy (${select}) to ${quotedString(path)} (${how}, use_tmp_file false)`);
    return { table, path, rows };
  } catch (error) {
    throw exportError(error, table, path);
  }
}

function exportError(thrown: unknown, table: string, path: string): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const text = thrown.message.split('\n', 1)[0] ?? '';
  if (!/^IO Error/.test(text)) return thrown;
  return new PipelineError({
    code: 'DestinationFailed',
    message: `Table \`${table}\` could not be written to ${path}, before it is published: ${text}`,
    hint: 'Make room there, or name another folder in `pipeline.working_dir`; then run again.',
    facts: { table, path, duckdb: text },
    cause: thrown,
  });
}
