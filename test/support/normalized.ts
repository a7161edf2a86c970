import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Connection, Row } from '../../src/duckdb/connection.ts';
import { Database } from '../../src/duckdb/database.ts';
import { quotedIdentifier } from '../../src/duckdb/quote.ts';
import { realEffects } from '../../src/effects.ts';
import { NameRegistry } from '../../src/normalize/name-registry.ts';
import { ResourceNormalizer, type ResourceRules } from '../../src/normalize/resource-normalizer.ts';
import { PACKAGE, type PackageInfo, type PackageResource } from '../../src/package/layout.ts';
import { LoadPackage } from '../../src/package/load-package.ts';
import { resolveContract } from '../../src/schema/contract.ts';
import type { TableSchema } from '../../src/schema/table-schema.ts';
import { tempFolder } from './temp-folder.ts';

export const packageInfo: PackageInfo = {
  load_id: '1700000000.000001',
  pipeline_name: 'p',
  dataset_name: 'd',
  destination: '/nowhere/file.duckdb',
  schema_name: 's',
  config_hash: 'h',
  source_settings: {},
  created_at: 1_700_000_000_000,
  status: 'extracting',
};

/** How far a resource is, for tests that write pages themselves. */
export function progress(status: PackageResource['status'], page: number): PackageResource {
  return { resource: 't', place: 0, root: 't', status, position: { page }, records: page, requests: page, notes: [] };
}

function rules(changes: Partial<ResourceRules> = {}): ResourceRules {
  return {
    resource: 't',
    root: { name: 't', columns: {}, resource: 't' },
    nestedTable: (name) => ({ name, columns: {} }),
    contract: () => resolveContract(),
    isNew: () => true,
    generated: () => [],
    findings: { count: () => undefined, reject: () => undefined },
    begun: [],
    rootKey: false,
    maxNesting: 1000,
    maxColumns: 2000,
    nameLimit: undefined,
    prescribedKey: null,
    ...changes,
  };
}

/** A package file in a folder of the test, open until it ends. @param memory megabytes that DuckDB begins with */
export async function openPackage(changes: Partial<ResourceRules> = {}, now = realEffects.now, memory?: number) {
  const tempDirectory = await tempFolder();
  const database = await Database.open({ tempDirectory, ...(memory === undefined ? {} : { memory }) });
  onTestFinished(() => database.close());
  const path = join(await tempFolder(), `${packageInfo.load_id}.duckdb`);
  const loadPackage = await LoadPackage.create(database, path, packageInfo, now);
  return { ...normalizing(loadPackage, changes), database, path, connection: await database.connect() };
}

export function normalizing(loadPackage: LoadPackage, changes: Partial<ResourceRules> = {}) {
  const names = new NameRegistry(() => false);
  names.reserve('t');
  const normalizer = new ResourceNormalizer(rules(changes), loadPackage, names);
  loadPackage.describeTablesWith(() => normalizer.describe());
  return { loadPackage, normalizer };
}

export interface Normalized {
  readonly documents: Readonly<Record<string, TableSchema>>;
  readonly nullOnly: Readonly<Record<string, readonly string[]>>;
  rows(table: string): Promise<Row[]>;
}

/** One DuckDB for the packages of all tests of a process, one after another: opening one takes longer than most of them. */
let opened: Promise<{ readonly database: Database; readonly connection: Connection }> | undefined;

async function openDatabase() {
  const database = await Database.open({ threads: 1 });
  return { database, connection: await database.connect() };
}

/** Records as one page of a package, read back from its file. Not twice at the same time, because a package has one name. */
export async function normalize(
  records: readonly unknown[],
  changes: Partial<ResourceRules> = {},
): Promise<Normalized> {
  opened ??= openDatabase();
  const { database, connection } = await opened;
  const path = join(await tempFolder(), `${packageInfo.load_id}.duckdb`);
  const loadPackage = await LoadPackage.create(database, path, packageInfo, realEffects.now);
  try {
    return await normalizeInto(loadPackage, connection, records, changes);
  } catch (error) {
    await loadPackage.abandon();
    throw error;
  } finally {
    await database.detach(PACKAGE);
  }
}

async function normalizeInto(
  loadPackage: LoadPackage,
  connection: Connection,
  records: readonly unknown[],
  changes: Partial<ResourceRules>,
): Promise<Normalized> {
  const { normalizer } = normalizing(loadPackage, changes);
  for (let from = 0; from < records.length; ) {
    from = normalizer.add(records, from);
    if (from < records.length) await loadPackage.drain();
  }
  await loadPackage.finish([progress('done', 1)]);
  const described = normalizer.describe().map(({ table }) => table);
  const rows = new Map<string, Row[]>();
  for (const { schema } of loadPackage.tables()) rows.set(schema.name, await packageRows(connection, schema.name));
  return {
    documents: Object.fromEntries(described.map(({ schema }) => [schema.name, schema])),
    nullOnly: Object.fromEntries(described.map(({ schema, nullOnly }) => [schema.name, nullOnly])),
    rows: async (table) => rows.get(table) ?? Promise.reject(new Error(`the package has no rows of ${table}`)),
  };
}

export function packageRows(connection: Connection, table: string): Promise<Row[]> {
  return connection.rows(`select * from package.main.${quotedIdentifier(table)} order by "#row"`);
}
