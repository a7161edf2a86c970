/** Partitions are folders below that of the table. */
const LAKE_FILE = /([^/]+)\/[^/]+\/(?:[^/]+=[^/]*\/)*ducklake-[\da-f-]{36}(?:-delete)?\.parquet$/;
/** The folder of a dataset whose name is none for a folder. */
const UUID = /^[\da-f-]{36}$/;

/**
 * A file that no load of this lake wrote, by its path: `<data_path>/<dataset>/<table>/ducklake-<uuid>.parquet`. DuckDB takes every
 * Parquet file below `data_path` for one that is left over, those of another lake, too.
 */
export function foreignFile(paths: readonly string[], datasets: readonly string[]): string | undefined {
  return paths.find((path) => {
    const [, dataset = ''] = LAKE_FILE.exec(path) ?? [];
    return !datasets.includes(dataset) && !UUID.test(dataset);
  });
}
