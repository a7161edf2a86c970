import type { Connection } from '../../duckdb/connection.ts';
import { quotedString } from '../../duckdb/quote.ts';
import type { DataFiles } from '../destination.ts';

// What the extension has for the upkeep of an attached lake.

export async function newestSnapshot(connection: Connection, alias: string): Promise<string> {
  const row = await connection.row(`select max(snapshot_id) as id from ducklake_snapshots(${quotedString(alias)})`);
  return String(row?.id);
}

/** Ids of the snapshots that stay are not among them: the newest `keep`, and what was made since `before` (microseconds since 1970). */
export async function oldSnapshots(
  connection: Connection,
  alias: string,
  { keep, before }: { readonly keep: number; readonly before: bigint },
): Promise<string[]> {
  const rows = await connection.rows(
    `select snapshot_id from ducklake_snapshots(${quotedString(alias)})
     where snapshot_time < make_timestamptz(?::bigint)
       and snapshot_id not in (select snapshot_id from ducklake_snapshots(${quotedString(alias)}) order by snapshot_id desc limit ?)
     order by snapshot_id`,
    [before, Math.max(1, keep)],
  );
  return rows.map(({ snapshot_id }) => String(snapshot_id));
}

export async function expireSnapshots(connection: Connection, alias: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await connection.run(`call ducklake_expire_snapshots(${quotedString(alias)}, versions => [${ids.join(', ')}])`);
}

/** Rows that the catalogue holds go to files; small files become larger ones, and what was deleted of others leaves them. */
export async function mergeFiles(connection: Connection, alias: string): Promise<void> {
  await connection.run(`call ducklake_flush_inlined_data(${quotedString(alias)})`);
  await connection.run(`call ducklake_rewrite_data_files(${quotedString(alias)})`);
  await connection.run(`call ducklake_merge_adjacent_files(${quotedString(alias)})`);
}

/** @returns paths of the files that were deleted: no snapshot needs them any more */
export async function cleanUpFiles(connection: Connection, alias: string, before: bigint): Promise<string[]> {
  return deleted(connection, 'ducklake_cleanup_old_files', alias, before);
}

/** @returns paths of files that the catalogue never had: a run was killed or did its load again, or they are somebody else's */
export async function orphans(connection: Connection, alias: string, before: bigint): Promise<string[]> {
  return deleted(connection, 'ducklake_delete_orphaned_files', alias, before, ['dry_run => true']);
}

/** @returns paths of the files that were deleted */
export async function deleteOrphans(connection: Connection, alias: string, before: bigint): Promise<string[]> {
  return deleted(connection, 'ducklake_delete_orphaned_files', alias, before);
}

/** Folders of the lake's data that are datasets of its catalogue. */
export async function datasetsOf(connection: Connection, alias: string): Promise<string[]> {
  const rows = await connection.rows('select schema_name from duckdb_schemas() where database_name = ?', [alias]);
  return rows.map(({ schema_name }) => String(schema_name));
}

/** What the newest snapshot is made of, by the catalogue. */
export async function dataFiles(connection: Connection, alias: string): Promise<DataFiles> {
  const tables = await connection.rows(
    'select schema_name, table_name from duckdb_tables() where database_name = ? order by table_oid',
    [alias],
  );
  let files = 0;
  let bytes = 0;
  for (const { schema_name, table_name } of tables) {
    const row = await connection.row(
      `select count(*) as files, coalesce(sum(data_file_size_bytes), 0)::bigint as bytes
       from ducklake_list_files(${quotedString(alias)}, ${quotedString(String(table_name))}, schema => ${quotedString(String(schema_name))})`,
    );
    files += Number(row?.files);
    bytes += Number(row?.bytes);
  }
  return { files, bytes };
}

async function deleted(
  connection: Connection,
  call: string,
  alias: string,
  before: bigint,
  how: readonly string[] = [],
): Promise<string[]> {
  const options = [`older_than => make_timestamptz(${before}::bigint)`, ...how];
  const rows = await connection.rows(`select * from ${call}(${[quotedString(alias), ...options].join(', ')})`);
  return rows.map(({ path }) => String(path));
}
