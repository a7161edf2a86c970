import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Project, smallConfig, smallProject, writeConfig } from '../support/project.ts';
import { query } from '../support/published.ts';
import { useServer } from '../support/server.ts';

type Hints = Record<string, unknown>;

interface Document {
  [key: string]: unknown;
  tables: Record<string, Hints & { columns: Record<string, Hints> }>;
  settings: Hints;
  normalizers: { json: Hints };
}

/** By resource: its records, or the text of its reply. */
type Replies = Readonly<Record<string, unknown>>;

/** By resource: what its configuration says beside the endpoint. */
type Configured = Readonly<Record<string, object>>;

/** A project with schema files. */
export interface Shop extends Project {
  /** What these resources answer from now on. */
  answer(replies: Replies): void;
  configure(hints: Configured): Promise<void>;
  path(kind: 'import' | 'export'): string;
  read(kind: 'import' | 'export'): Promise<Document>;
  /** Changes the imported file by hand. */
  edit(change: (document: Document) => void): Promise<void>;
  write(text: string): Promise<void>;
}

/** A resource for each reply. */
export async function useShop(replies: Replies, hints: Configured = {}): Promise<Shop> {
  const current = { ...replies };
  const { url } = await useServer(({ path }, response) => {
    const reply = current[path.slice(1)];
    if (typeof reply !== 'string') return reply;
    response.setHeader('content-type', 'application/json');
    return response.end(reply);
  });
  const config = (configured: Configured) => ({
    resources: Object.keys(replies).map((name) => ({
      name,
      endpoint: { path: name, data_selector: '$' },
      ...configured[name],
    })),
    pipeline: { import_schema_path: 'schemas/import', export_schema_path: 'schemas/export' },
  });
  const project = await smallProject(url, config(hints));
  const path = (kind: 'import' | 'export') => join(project.cwd, 'schemas', kind, 'shop.schema.yaml');
  const read = async (kind: 'import' | 'export') => parse(await readFile(path(kind), 'utf8'));
  const write = async (text: string) => {
    await mkdir(dirname(path('import')), { recursive: true });
    await writeFile(path('import'), text);
  };
  return {
    ...project,
    path,
    read,
    write,
    answer: (next) => {
      Object.assign(current, next);
    },
    configure: (configured) => writeConfig(project, smallConfig(url, config(configured))),
    edit: async (change) => {
      const document = await read('import');
      change(document);
      await write(stringify(document));
    },
  };
}

/** A table of a document, made where there is none. */
export function table(name: string, { tables }: Document): Document['tables'][string] {
  tables[name] ??= { columns: {} };
  return tables[name];
}

/** Name, type, whether null is allowed, description. */
export async function columns(file: string, name = 'models'): Promise<unknown[][]> {
  const rows = await query(
    file,
    `select column_name, data_type, is_nullable, comment from duckdb_columns() where database_name = 'published'
     and table_name = '${name}' and not starts_with(column_name, '_dlt') order by column_index`,
  );
  return rows.map((row) => Object.values(row));
}
