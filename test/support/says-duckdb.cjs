// Preloaded with NODE_OPTIONS: tells on stderr whether the process loaded DuckDB's native library.
process.on('exit', () => {
  const { sharedObjects } = process.report.getReport();
  const loaded = sharedObjects.some((file) => /duckdb/i.test(file));
  process.stderr.write(loaded ? '[DuckDB was loaded]\n' : '[DuckDB was not loaded]\n');
});
