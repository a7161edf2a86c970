import { type DescribedTable, describeTable, type ListedTable, tables } from '../inspection/listed-tables.ts';
import { schemaChanges, schemaDiagram } from '../inspection/schema-log.ts';
import type { StoredChange } from '../load/stored-dataset.ts';
import { nothingLoadedIsUndefined } from './nothing-loaded.ts';
import type { Project } from './project.ts';

export interface SchemaView {
  /** null: nothing was loaded yet. */
  readonly tables: readonly ListedTable[] | null;
  /** The one that is looked at. */
  readonly table: DescribedTable | null;
  /** The newest load first. */
  readonly changes: readonly StoredChange[];
  readonly isCut: boolean;
  readonly diagram: DrawnSchema;
}

/** Tables without the books, and which belongs to which. */
export interface DrawnSchema {
  readonly tables: readonly DrawnTable[];
  readonly links: readonly { readonly parent: string; readonly child: string }[];
}

export interface DrawnTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly key: 'PK' | 'FK' | null }[];
}

/** `table`: the one that is described; else the first. */
export async function schemaView(
  { placed: { config }, effects }: Project,
  query: URLSearchParams,
): Promise<SchemaView> {
  const found = await tables(config).catch(nothingLoadedIsUndefined);
  if (found === undefined)
    return { tables: null, table: null, changes: [], isCut: false, diagram: { tables: [], links: [] } };
  const name = query.get('table') ?? found.find(({ isBook }) => !isBook)?.name;
  const changes = await schemaChanges(config, { limit: MOST_CHANGES });
  return {
    tables: found,
    table: name === undefined ? null : await describeTable(config, name, effects),
    changes,
    isCut: changes.length === MOST_CHANGES,
    diagram: drawn(await schemaDiagram(config)),
  };
}

// --- internal ---

const MOST_CHANGES = 300;

function drawn(diagram: Awaited<ReturnType<typeof schemaDiagram>>): DrawnSchema {
  const links = diagram?.links.map(({ parent, child }) => ({ parent, child })) ?? [];
  const all = (diagram?.tables ?? []).map(
    ({ name, columns }): DrawnTable => ({
      name,
      columns: columns.map(({ schema, isPrimaryKey, isForeignKey }) => ({
        name: schema.name,
        type: schema.data_type ?? '',
        key: isPrimaryKey ? 'PK' : isForeignKey ? 'FK' : null,
      })),
    }),
  );
  return { tables: all, links };
}
