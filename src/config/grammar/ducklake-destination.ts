import { z } from 'zod';
import { below } from '../checks/finding.ts';
import { about } from './about.ts';
import { destinationKind } from './destination-kind.ts';
import { type PostgresCredentials, postgresCredentials, type WrittenPostgres } from './postgres-credentials.ts';
import { asSecretField } from './secret-schema.ts';
import { connectionProblems, settledConnection } from './settled-connection.ts';
import { replaceStrategy } from './shared-keys.ts';
import { storageCredentials } from './storage-credentials.ts';

const server = { schemes: ['postgres', 'postgresql'], port: 5432 };
const postgres = postgresCredentials('catalog', server.port);

/** Of a file, as it is written; what else there is can hold a password. */
const catalogFile = z.string().regex(/^(?!\w+:\/\/)(?!postgres(?:ql)?\b(?!\.))|^(duckdb|sqlite):/i);

const keys = z.strictObject({
  type: about('DuckLake: Parquet files, and a catalogue of them', z.literal('ducklake').default('ducklake')),
  catalog: about(
    'The catalogue: a DuckDB file, `sqlite:` and a file, or how to connect to PostgreSQL. Default `<name>.ducklake`',
    asSecretField(z.union([catalogFile.min(1), postgres.field]).optional()),
  ),
  data_path: about(
    'Where the Parquet files are: a folder relative to this one, `s3://`, `gs://` or `az://`. Default: the catalogue file with `.files` behind it',
    z.string().min(1).optional(),
  ),
  storage_credentials: about('Of the object store that `data_path` names', storageCredentials.prefault({})),
  ducklake_name: about('What the lake is called where it is attached', z.string().min(1).default('ducklake')),
  metadata_schema: about(
    'The schema of the catalogue in PostgreSQL. Default: `ducklake_name`',
    z.string().min(1).optional(),
  ),
  extension_directory: about(
    "Where DuckDB's extensions are installed, relative to this one. Default: DuckDB's own, in the home folder",
    z.string().min(1).optional(),
  ),
  files_dir: about(
    'The folder for images and other files, relative to this one. Default `files`, beside the catalogue',
    z.string().min(1).optional(),
  ),
  replace_strategy: replaceStrategy,
});

/** Where a lake's catalogue is. Paths are absolute. */
export type LakeCatalog =
  | { readonly type: 'duckdb' | 'sqlite'; readonly path: string }
  | { readonly type: 'postgres'; readonly credentials: PostgresCredentials };

export const ducklakeDestination = destinationKind({
  forms: [z.literal('ducklake').transform((type) => keys.parse({ type }, { jitless: true })), keys],
  problems: ({ catalog }) =>
    typeof catalog !== 'object' || fileIn(catalog) !== undefined
      ? []
      : below(['catalog'], connectionProblems(catalog, server)),
  complete: ({ catalog: written, data_path, extension_directory, files_dir, metadata_schema, ...rest }, place) => {
    const { name, absolute } = place;
    const file = typeof written === 'object' ? fileIn(written) : (written ?? `${name}.ducklake`);
    const catalog: LakeCatalog =
      typeof written === 'object' && file === undefined
        ? {
            type: 'postgres',
            credentials: settledConnection(written, server, (path, key) => absolute(path, 'catalog', key)),
          }
        : fileCatalog(file ?? '', (path) => absolute(path, 'catalog'));
    const data = data_path ?? (catalog.type === 'postgres' ? `${rest.ducklake_name}.files` : `${catalog.path}.files`);
    return {
      ...rest,
      catalog,
      /** An absolute path, or an address such as `s3://bucket/folder`. */
      data_path: /^[a-z][a-z0-9]+:\/\//i.test(data) ? data : absolute(data, 'data_path'),
      metadata_schema: metadata_schema ?? rest.ducklake_name,
      extension_directory:
        extension_directory === undefined ? undefined : absolute(extension_directory, 'extension_directory'),
      files_dir: absolute(files_dir ?? 'files', 'files_dir'),
    };
  },
});

// --- internal ---

/** A reference may lead to a file as well. */
function fileIn({ connection_string: text, host }: WrittenPostgres): string | undefined {
  const found = text.isMissing || host !== undefined ? undefined : text.reveal();
  return found !== undefined && catalogFile.safeParse(found).success ? found : undefined;
}

function fileCatalog(written: string, absolute: (path: string) => string): LakeCatalog {
  const [, type = 'duckdb', path = written] = /^(duckdb|sqlite):(?:\/\/\/)?(.+)$/i.exec(written) ?? [];
  return { type: type.toLowerCase() === 'sqlite' ? 'sqlite' : 'duckdb', path: absolute(path) };
}
