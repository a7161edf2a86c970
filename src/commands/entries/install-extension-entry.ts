import { Argument, Option } from 'commander';
import { type CommandEntry, runOf } from './entry.ts';

export const installExtensionEntry: CommandEntry = {
  name: 'install-extension',
  group: 'operate',
  summary: "install one of DuckDB's extensions",
  description:
    'Install an extension of DuckDB that a destination needs, for this user and this version of DuckDB: where the configuration says (`extension_directory`), or in the home folder. DuckDB checks its signature. No other command downloads code.',
  operands: [new Argument('<name>').choices(['ducklake', 'httpfs', 'aws', 'azure', 'postgres', 'sqlite'])],
  options: [
    new Option('--from <path>', "a file, or the folder that it is in (default: DuckDB's own repository)"),
    new Option('--directory <folder>', 'where to install it'),
  ],
  example: [
    'dezgo-elt install-extension ducklake',
    'dezgo-elt install-extension httpfs --from downloads/httpfs.duckdb_extension.gz',
  ],
  run: runOf<{ from?: string; directory?: string }>(
    async () => (await import('../install-extension.ts')).installExtensionCommand,
  ),
};
