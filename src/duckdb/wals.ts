/** What DuckDB 1.5 may keep beside a file: `.wal`, and the two that exist while a checkpoint or a recovery is under way. */
export const walSuffixes = ['.wal', '.wal.checkpoint', '.wal.recovery'] as const;

/** The file and its write-ahead logs, whether they exist or not. */
export function withWals(path: string): string[] {
  return [path, ...walSuffixes.map((suffix) => path + suffix)];
}
