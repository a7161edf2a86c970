import { existsSync } from 'node:fs';
import type { Connection } from '../../duckdb/connection.ts';
import { type AttachOptions, Database } from '../../duckdb/database.ts';
import { type ExtensionName, loadExtensions } from '../../duckdb/extensions.ts';
import { quotedIdentifier, quotedString } from '../../duckdb/quote.ts';
import { PipelineError } from '../../errors.ts';
import type { CatalogueFile } from '../attached/publish/catalogue-file.ts';
import type { LakeSettings } from './lake-kind.ts';
import { lakeStorage } from './lake-storage.ts';

/** Every load copies the catalogue: 0.24 MB for a first one, where DuckDB's usual blocks make 3.2 MB. */
const SMALL_BLOCKS = 16_384;

/** A DuckDB file as a catalogue that `publish/` copies and puts in place. */
export function lakeFile(settings: LakeSettings): CatalogueFile {
  return {
    attach: (database, path, alias, options) => attachLake(database, settings, alias, { ...options, path }),
    nameOfFile: (alias) => `__ducklake_metadata_${alias}`,
  };
}

/**
 * Loads what it takes to attach the lake, from this machine.
 *
 * @throws PipelineError ExtensionMissing
 */
export async function prepareLake(database: Database, settings: LakeSettings): Promise<void> {
  await onConnection(database, (connection) => prepare(connection, settings));
}

/**
 * Whether all that it takes is installed; sends nothing.
 *
 * @throws PipelineError ExtensionMissing
 */
export async function requireLakeExtensions(settings: LakeSettings): Promise<void> {
  const database = await Database.open();
  try {
    await onConnection(database, (connection) =>
      loadExtensions(connection, extensionsOf(settings), settings.extension_directory),
    );
  } finally {
    database.close();
  }
}

export interface LakeAttachOptions extends AttachOptions {
  /** Of the catalogue file: that of the settings, or a copy. */
  readonly path?: string;
}

/**
 * Attaches the lake. Callers translate the driver's errors.
 *
 * @throws PipelineError ExtensionMissing; ConfigInvalid: the lake has its data elsewhere
 */
export async function attachLake(
  database: Database,
  settings: LakeSettings,
  alias: string,
  { path, readOnly = false }: LakeAttachOptions = {},
): Promise<void> {
  await onConnection(database, async (connection) => {
    await prepare(connection, settings);
    const catalog = catalogOf(settings, path);
    const how = [
      `data_path ${quotedString(lakeStorage(settings).path)}`,
      ...catalog.options,
      ...(readOnly ? ['read_only'] : []),
    ];
    const sql = `attach ${quotedString(`ducklake:${catalog.place}`)} as ${quotedIdentifier(alias)} (${how.join(', ')})`;
    await connection.run(sql).catch((error: unknown) => {
      throw otherDataPath(error) ?? error;
    });
  });
}

/** The server of a catalogue in PostgreSQL, as a database of its own. Callers translate the driver's errors. */
export async function attachCatalogServer(database: Database, { catalog }: LakeSettings, alias: string): Promise<void> {
  if (catalog.type !== 'postgres') return;
  const server = quotedString(connectionText(catalog.credentials));
  await onConnection(database, (connection) =>
    connection.run(`attach ${server} as ${quotedIdentifier(alias)} (type postgres, secret ${CATALOG_SECRET})`),
  );
}

// --- internal ---

const CATALOG_SECRET = 'lake_catalog';

async function onConnection(database: Database, work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await database.connect();
  try {
    await work(connection);
  } finally {
    connection.close();
  }
}

async function prepare(connection: Connection, settings: LakeSettings): Promise<void> {
  await loadExtensions(connection, extensionsOf(settings), settings.extension_directory);
  const secrets = [lakeStorage(settings).secret, catalogSecret(settings)];
  for (const secret of secrets) if (secret !== undefined) await createSecret(connection, secret);
}

function extensionsOf(settings: LakeSettings): readonly ExtensionName[] {
  const { catalog } = settings;
  const ofCatalog: readonly ExtensionName[] = catalog.type === 'duckdb' ? [] : [catalog.type];
  return ['ducklake', ...ofCatalog, ...lakeStorage(settings).extensions];
}

/** DuckDB quotes the statement in some of its sentences. */
async function createSecret(connection: Connection, sql: string): Promise<void> {
  await connection.run(sql).catch((error: unknown) => {
    const [kind = ''] = error instanceof Error ? error.message.split(':', 1) : [];
    throw new PipelineError({
      code: 'ConfigInvalid',
      message: `DuckDB does not take the credentials of the lake (${kind}).`,
      hint: 'Check storage_credentials and catalog in pipeline.destination.',
    });
  });
}

/** Passwords go in as a secret: what is attached shows up in `duckdb_databases()`. */
function catalogSecret({ catalog }: LakeSettings): string | undefined {
  if (catalog.type !== 'postgres') return undefined;
  const { host, port, database, username, password } = catalog.credentials;
  const members = [
    'type postgres',
    `host ${quotedString(host)}`,
    `port ${port}`,
    `database ${quotedString(database)}`,
    `user ${quotedString(username)}`,
    ...(password === undefined ? [] : [`password ${quotedString(password.reveal())}`]),
  ];
  return `create or replace secret ${CATALOG_SECRET} (${members.join(', ')})`;
}

function catalogOf(
  { catalog, metadata_schema }: LakeSettings,
  path: string | undefined,
): { readonly place: string; readonly options: readonly string[] } {
  switch (catalog.type) {
    case 'duckdb': {
      const file = path ?? catalog.path;
      return { place: file, options: existsSync(file) ? [] : [`meta_block_size ${SMALL_BLOCKS}`] };
    }
    // Rows that are kept in the catalogue itself would go through the types of another database.
    case 'sqlite':
      return { place: `sqlite:${catalog.path}`, options: ['data_inlining_row_limit 0'] };
    case 'postgres': {
      const schema = `metadata_schema ${quotedString(metadata_schema)}`;
      const options = ['data_inlining_row_limit 0', `meta_secret ${quotedString(CATALOG_SECRET)}`, schema];
      return { place: `postgres:${connectionText(catalog.credentials)}`, options };
    }
  }
}

/** libpq's: what is no secret, and no member of DuckDB's secrets. */
function connectionText({
  connect_timeout,
  sslmode,
  sslrootcert,
  sslcert,
  sslkey,
}: Extract<LakeSettings['catalog'], { type: 'postgres' }>['credentials']): string {
  const seconds = Math.max(2, Math.ceil(connect_timeout / 1000));
  const words = { connect_timeout: String(seconds), sslmode, sslrootcert, sslcert, sslkey };
  return Object.entries(words)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}='${value.replaceAll(/[\\']/g, '\\$&')}'`]))
    .join(' ');
}

function otherDataPath(thrown: unknown): PipelineError | undefined {
  const text = thrown instanceof Error ? thrown.message : '';
  const [, asked, actual] =
    /DATA_PATH parameter "(.+?)" does not match existing data path in the catalog "(.+?)"/.exec(text) ?? [];
  if (actual === undefined) return undefined;
  return new PipelineError({
    code: 'ConfigInvalid',
    message: `The lake has its data in ${actual}, not in ${asked}.`,
    hint: `Write it so: pipeline.destination.data_path: ${actual}`,
    facts: { asked, actual },
    cause: thrown,
  });
}
