import { fragment } from '../../../load/staging/sql-fragment.ts';
import { textOrNull } from '../../../text/text-or-null.ts';
import { databricksIdentifier as identifier } from './databricks-names.ts';
import type { DatabricksRow } from './databricks-sdk.ts';
import { AT_ONCE, type DatabricksSession } from './databricks-session.ts';

/** A table or a view of a dataset. */
export interface DatabricksRelation {
  readonly name: string;
  readonly isView: boolean;
  readonly comment: string | null;
  readonly columns: readonly DatabricksColumn[];
}

interface DatabricksColumn {
  readonly name: string;
  readonly native: string;
  readonly nullable: boolean;
  readonly comment: string | null;
}

/** Everything in a dataset, by name. */
export async function databricksRelations(session: DatabricksSession, dataset: string): Promise<DatabricksRelation[]> {
  return (await session.hasInformationSchema())
    ? relationsOf(await session.run(listing(dataset)))
    : eachDescribed(session, dataset);
}

// --- internal ---

/** In one question, of a catalog of Unity Catalog. */
function listing(dataset: string) {
  return fragment(
    `select t.table_name, t.table_type, t.comment as table_comment,
            c.column_name, c.full_data_type, c.is_nullable, c.comment as column_comment
     from information_schema.tables as t
     join information_schema.columns as c on c.table_schema = t.table_schema and c.table_name = t.table_name
     where t.table_schema = ? order by t.table_name, c.ordinal_position`,
    dataset.toLowerCase(),
  );
}

function relationsOf(rows: readonly DatabricksRow[]): DatabricksRelation[] {
  const relations = new Map<string, DatabricksRelation & { columns: DatabricksColumn[] }>();
  for (const row of rows) {
    const name = String(row.table_name);
    const isView = /VIEW/.test(String(row.table_type));
    const relation = relations.get(name) ?? { name, isView, comment: textOf(row.table_comment), columns: [] };
    relations.set(name, relation);
    relation.columns.push({
      name: String(row.column_name),
      native: String(row.full_data_type).toLowerCase().replaceAll(', ', ','),
      nullable: row.is_nullable !== 'NO',
      comment: textOf(row.column_comment),
    });
  }
  return [...relations.values()];
}

/** From `describe`, which a catalog without an `information_schema` answers, too; it does not say which columns may be null. */
async function eachDescribed(session: DatabricksSession, dataset: string): Promise<DatabricksRelation[]> {
  const listed = await session.run(fragment(`show tables in ${identifier(dataset)}`));
  const names = listed.filter(({ isTemporary }) => isTemporary !== true).map(({ tableName }) => String(tableName));
  names.sort();
  const found: DatabricksRelation[] = [];
  for (let from = 0; from < names.length; from += AT_ONCE)
    found.push(
      ...(await Promise.all(names.slice(from, from + AT_ONCE).map((name) => described(session, dataset, name)))),
    );
  return found;
}

async function described(session: DatabricksSession, dataset: string, name: string): Promise<DatabricksRelation> {
  const rows = await session.run(fragment(`describe table extended ${identifier(dataset)}.${identifier(name)}`));
  const end = rows.findIndex(({ col_name }) => col_name === '' || String(col_name).startsWith('# '));
  const columns = rows.slice(0, end === -1 ? rows.length : end);
  const about = rows.slice(columns.length);
  const detail = (key: string) => textOf(about.find(({ col_name }) => col_name === key)?.data_type);
  return {
    name,
    isView: /VIEW/.test(detail('Type') ?? ''),
    comment: detail('Comment'),
    columns: columns.map(columnOf),
  };
}

function columnOf({ col_name, data_type, comment }: DatabricksRow): DatabricksColumn {
  return { name: String(col_name), native: String(data_type), nullable: true, comment: textOf(comment) };
}

function textOf(value: unknown): string | null {
  return value === '' ? null : textOrNull(value);
}
