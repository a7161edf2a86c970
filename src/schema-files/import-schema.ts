import { checkMerge } from '../config/checks/check-merge.ts';
import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import type { StoredDataset } from '../load/stored-dataset.ts';
import { dataTypeOf, duckdbType } from '../schema/duckdb-type.ts';
import { PATH_SEPARATOR } from '../schema/names.ts';
import { normalizePath } from '../schema/naming.ts';
import { emptySchema } from '../schema/stored-schema.ts';
import type { ColumnSchema, StoredSchema } from '../schema/table-schema.ts';
import { importedSettings, withImportedHints, withImportedTables } from './imported-hints.ts';
import { parseSchemaFile, type SchemaFile, type SchemaFinding, schemaFilePath } from './parse-schema-file.ts';
import { firstSchemaFile, importHash, schemaFileContent } from './schema-file.ts';
import { checkFolder, prepareFolder, readIfThere, writeSchemaFile } from './schema-file-io.ts';
import { schemaYaml } from './schema-yaml.ts';

/** What a schema file adds to a run. */
export interface ImportedSchema {
  /** With what the file says where the configuration says nothing. */
  readonly config: PipelineConfig;
  /**
   * What records have to fit, before anything is requested. A file that changed since it was last imported may not ask for
   * other types than the columns have: throws ConfigInvalid.
   */
  known(published: StoredDataset | undefined, resources: readonly ResolvedResource[]): Promise<KnownDataset>;
}

/** What was published before a run, with what a schema file adds to it. */
export interface KnownDataset {
  readonly published: StoredDataset | undefined;
  /** Of the schema file; undefined where none is imported. */
  readonly importedHash?: string;
  /** To be called when the resources were extracted: as dlt, the first such run leaves the file that later ones read. */
  extracted(): Promise<void>;
}

/**
 * Takes in `<import_schema_path>/<source>.schema.yaml`: what the configuration says comes first, then the file, then what is
 * stored.
 *
 * @throws PipelineError ConfigInvalid, with every problem that the file has by itself
 */
export async function importSchema(config: PipelineConfig, folder: string): Promise<ImportedSchema> {
  const path = schemaFilePath(folder, config.source.name);
  const text = await readIfThere(path);
  if (text === undefined) return withoutFile(config, folder, path);
  const file = parseSchemaFile(text, path, config.source.name);
  const resources = config.source.resources.map((resource) => withImportedHints(resource, file.schema));
  refuseIf(file, resources.flatMap(checkImported));
  const importedHash = importHash(file.schema);
  return {
    // The configuration's own settings win.
    config: { ...config, source: { ...importedSettings(file.schema), ...config.source, resources } },
    known: async (published) => {
      const isKnown = importedHash === published?.stored?.imported_version_hash;
      refuseIf(file, isKnown ? [] : typeConflicts(file.schema, published));
      return { published: withTables(published ?? nothingPublished, file.schema), importedHash, extracted: nothing };
    },
  };
}

/** Says what is wrong with the file, as far as that can be seen without a destination; without one, whether it can be made. */
export async function checkSchemaFile(config: PipelineConfig, folder: string): Promise<void> {
  const path = schemaFilePath(folder, config.source.name);
  const text = await readIfThere(path);
  if (text === undefined) await checkFolder(folder, 'import_schema_path');
  else await importSchema(config, folder);
}

// --- internal ---

/** The first run with this folder. */
function withoutFile(config: PipelineConfig, folder: string, path: string): ImportedSchema {
  return {
    config,
    known: async (published, resources) => {
      await prepareFolder(folder, 'import_schema_path');
      const first = firstSchemaFile(published?.stored, config.source.name, resources, config.source);
      const extracted = () => writeSchemaFile(path, schemaYaml(schemaFileContent(first)));
      return { published, importedHash: importHash(first), extracted };
    },
  };
}

function refuseIf(file: SchemaFile, findings: readonly SchemaFinding[]): void {
  if (findings.length > 0) throw file.refuse(findings);
}

async function nothing(): Promise<void> {}

const nothingPublished: StoredDataset = {
  exists: false,
  tables: new Map(),
  stored: undefined,
  schema: undefined,
  state: undefined,
  lastLoadId: undefined,
};

function withTables(published: StoredDataset, imported: StoredSchema): StoredDataset {
  return { ...published, schema: withImportedTables(published.schema ?? emptySchema(imported.name), imported) };
}

/** Nothing is ever retyped: a file that asks for it was meant to change something, and would not. */
function typeConflicts({ tables }: StoredSchema, published: StoredDataset | undefined): SchemaFinding[] {
  return Object.values(tables).flatMap((table) => {
    const actual = published?.tables.get(table.name.toLowerCase())?.columns;
    return Object.values(table.columns).flatMap((column) => {
      const type = actual?.get(column.name.toLowerCase())?.type;
      if (type === undefined || column.data_type === undefined || isType(column, type)) return [];
      const message = `asks for ${duckdbType(column)}, but the column exists with the type ${type}, and types of columns never change: ${adviceFor(type)}`;
      return [{ path: ['tables', table.name, 'columns', column.name, 'data_type'], message }];
    });
  });
}

function isType(column: ColumnSchema, actual: string): boolean {
  const wanted = duckdbType(column);
  const known = dataTypeOf(actual);
  return wanted === actual || (known !== undefined && wanted === duckdbType({ name: column.name, ...known }));
}

function adviceFor(actual: string): string {
  const known = dataTypeOf(actual);
  if (known === undefined) return 'leave its type out';
  const hints = Object.entries(known).map(([key, value]) => `${key}: ${value}`);
  return `write \`${hints.join(', ')}\`, or load into a new dataset`;
}

/** What the configuration says was checked by itself: whatever is found comes of the file, or of both together. */
function checkImported(resource: ResolvedResource): SchemaFinding[] {
  const root = normalizePath(resource.table_name);
  return checkMerge(resource).map(({ path: [first = '', second = '', ...rest], message }) => {
    if (first === 'write_disposition') return { path: ['tables', root, first], message };
    const inNested = ['tables', root + PATH_SEPARATOR + normalizePath(String(second)), ...rest];
    return { path: first === 'nested_hints' ? inNested : ['tables', root, first, second, ...rest], message };
  });
}
