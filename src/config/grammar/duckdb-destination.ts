import path from 'node:path';
import { z } from 'zod';
import { about } from './about.ts';
import { destinationKind } from './destination-kind.ts';

const keys = z.strictObject({
  type: about('A DuckDB file', z.literal('duckdb').default('duckdb')),
  path: about('The file, relative to this one. Default `<name>.duckdb`', z.string().min(1).optional()),
  files_dir: about(
    'The folder for images and other files, relative to this one. Default `files`, beside the live file',
    z.string().min(1).optional(),
  ),
  replace_strategy: about(
    "One of dlt's; all of them give the same rows",
    z.enum(['truncate-and-insert', 'insert-from-staging', 'staging-optimized']).optional(),
  ),
});

/** A DuckDB file. `replace_strategy` is taken, and changes nothing: readers see a file before a load or after it. */
export const duckdbDestination = destinationKind({
  forms: [z.literal('duckdb').transform((type) => keys.parse({ type }, { jitless: true })), keys],
  complete: (written, { name, absolute }) => {
    const file = absolute(fileOf(written, name), 'path');
    const { files_dir } = written;
    const folder = files_dir === undefined ? path.join(path.dirname(file), 'files') : absolute(files_dir, 'files_dir');
    return { ...written, path: file, files_dir: folder };
  },
  whyNoDataset: (dataset, written, name) => taken(dataset) ?? ambiguous(dataset, fileOf(written, name)),
});

// --- internal ---

/** As it is written. */
function fileOf(written: z.output<typeof keys>, name: string): string {
  return written.path ?? `${name}.duckdb`;
}

/** Names that DuckDB has in every file, in lower case, and why no dataset can have them. */
const takenDatasets: Readonly<Record<string, string>> = {
  temp: 'is a database of DuckDB itself: `temp.models` could mean either',
  system: 'is a database of DuckDB itself: `system.models` could mean either',
  information_schema: 'is a schema of DuckDB itself, which takes no tables',
  pg_catalog: 'is a schema of DuckDB itself, which takes no tables',
};

function taken(dataset: string): string | undefined {
  const name = dataset.toLowerCase();
  return Object.hasOwn(takenDatasets, name) ? `\`${dataset}\` ${takenDatasets[name]}` : undefined;
}

/** `select * from x.models` is ambiguous when both the database and the schema are called x. */
function ambiguous(dataset: string, file: string): string | undefined {
  if (path.parse(file).name.toLowerCase() !== dataset.toLowerCase()) return undefined;
  return `must differ from the name of the live file, \`${path.basename(file)}\`: DuckDB names the database after the file, and \`${dataset}.models\` could mean either`;
}
