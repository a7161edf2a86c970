import { quotedIdentifier, quotedString } from '../../duckdb/quote.ts';
import { carrierOf } from './export-tables.ts';

interface Column {
  readonly name: string;
  /** DuckDB's. */
  readonly type: string;
}

/** A file that DuckDB can read. */
export interface ReadableFile {
  readonly path: string;
  readonly ext: string;
}

export function isReadable(ext: string): boolean {
  return ext === 'parquet' || isJson(ext);
}

/**
 * The rows of these files, in the columns of the schema document: null where a file lacks one. dlt may have written lines of JSON
 * beside Parquet.
 */
export function tableSelect(columns: readonly Column[], files: readonly ReadableFile[]): string {
  const nothing = columns.map(({ name, type }) => `null::${carrierOf(type)} as ${quotedIdentifier(name)}`);
  const parquet = files.filter(({ ext }) => ext === 'parquet');
  const json = files.filter(({ ext }) => isJson(ext));
  const parts = [
    `select ${nothing.join(', ')} where false`,
    ...(parquet.length === 0
      ? []
      : [`from read_parquet(${paths(parquet)}, union_by_name = true, hive_partitioning = false)`]),
    ...(json.length === 0 ? [] : [jsonSelect(columns, json)]),
  ];
  const casts = columns.map(
    ({ name, type }) => `cast(${quotedIdentifier(name)} as ${type}) as ${quotedIdentifier(name)}`,
  );
  return `select ${casts.join(', ')} from (${parts.join(' union all by name ')})`;
}

// --- internal ---

function isJson(ext: string): boolean {
  return /^(?:typed-)?jsonl(?:\.gz)?$/.test(ext);
}

/** dlt writes bytes as base64. */
function jsonSelect(columns: readonly Column[], files: readonly ReadableFile[]): string {
  const types = columns.map(
    ({ name, type }) => `${quotedString(name)}: ${quotedString(type === 'BLOB' ? 'VARCHAR' : type)}`,
  );
  const bytes = columns.filter(({ type }) => type === 'BLOB').map(({ name }) => quotedIdentifier(name));
  const replaced =
    bytes.length === 0 ? '' : ` replace (${bytes.map((name) => `from_base64(${name}) as ${name}`).join(', ')})`;
  return `select *${replaced} from read_json(${paths(files)}, format = 'newline_delimited', columns = {${types.join(', ')}}, hive_partitioning = false)`;
}

function paths(files: readonly ReadableFile[]): string {
  return `[${files.map(({ path }) => quotedString(path)).join(', ')}]`;
}
