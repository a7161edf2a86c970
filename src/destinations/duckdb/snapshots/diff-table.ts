import type { Connection, Row } from '../../../duckdb/connection.ts';
import { qualifiedName, quotedIdentifier } from '../../../duckdb/quote.ts';
import { shownRow } from '../../../expectations/shown-row.ts';
import type { ActualTable } from '../../../load/catalogue.ts';
import type { TableDifference } from '../../../load/table-difference.ts';
import { DLT_ID, DLT_LOAD_ID, DLT_PARENT_ID, DLT_ROOT_ID } from '../../../schema/names.ts';
import type { ShownRow } from '../../../trace.ts';

/** The same table in two attached files. */
export interface TablePair {
  readonly dataset: string;
  readonly before: ActualTable;
  readonly after: ActualTable;
  /** By the schema document; may be empty, and may be wrong. */
  readonly primaryKey: readonly string[];
  /** Rows of a sample. */
  readonly limit: number;
}

export const BEFORE = 'before';
export const AFTER = 'after';

/** Made anew by each load, whatever the rows are. */
const ids = new Set([DLT_ID, DLT_LOAD_ID, DLT_PARENT_ID, DLT_ROOT_ID]);

/** What differs between the two: by their key, and where that is none, or several rows have the same, by whole rows. */
export async function diffTable(connection: Connection, pair: TablePair): Promise<TableDifference> {
  const names = (table: ActualTable) => [...table.columns.keys()].filter((name) => !ids.has(name));
  const [before, after] = [names(pair.before), names(pair.after)];
  const common = before.filter((name) => after.includes(name)).map((name) => columnOf(pair, name));
  const key = await uniqueKey(connection, pair, common);
  const columns = {
    columnsAdded: after.filter((name) => !before.includes(name)),
    columnsRemoved: before.filter((name) => !after.includes(name)),
  };
  const rows = await connection.row(
    `select (select count(*) from ${nameIn(BEFORE, pair)}) as before, (select count(*) from ${nameIn(AFTER, pair)}) as after`,
  );
  const amounts = { rowsBefore: Number(rows?.before), rowsAfter: Number(rows?.after) };
  const found = key.length === 0 ? await byRow(connection, pair, common) : await byKey(connection, pair, key, common);
  return { name: pair.after.name, key: key.map(({ name }) => name), ...amounts, ...columns, ...found };
}

// --- internal ---

interface Compared {
  readonly name: string;
  readonly quoted: string;
  /** Of other types, texts are compared. */
  readonly isText: boolean;
}

type Found = Pick<TableDifference, 'added' | 'removed' | 'changed' | 'changedColumns' | 'sample'>;

function columnOf({ before, after }: TablePair, name: string): Compared {
  const [one, other] = [before.columns.get(name), after.columns.get(name)];
  const [was, is] = [one?.type ?? '', other?.type ?? ''];
  const isText = was !== is && !(number.test(was) && number.test(is));
  return { name: other?.name ?? name, quoted: quotedIdentifier(other?.name ?? name), isText };
}

/** A column that widened from one to another has the same values as before. */
const number = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*)$/;

function nameIn(catalog: typeof BEFORE | typeof AFTER, pair: TablePair): string {
  return qualifiedName(catalog, pair.dataset, pair[catalog].name);
}

function valueIn(alias: string, { quoted, isText }: Compared): string {
  return `${alias}.${quoted}${isText ? '::varchar' : ''}`;
}

async function uniqueKey(connection: Connection, pair: TablePair, common: readonly Compared[]): Promise<Compared[]> {
  const key = common.filter(({ name }) => pair.primaryKey.includes(name));
  if (key.length === 0 || key.length < pair.primaryKey.length) return [];
  const list = key.map(({ quoted }) => quoted).join(', ');
  for (const catalog of [BEFORE, AFTER] as const) {
    const sql = `select 1 from ${nameIn(catalog, pair)} group by ${list} having count(*) > 1 limit 1`;
    if ((await connection.row(sql)) !== undefined) return [];
  }
  return key;
}

async function byKey(
  connection: Connection,
  pair: TablePair,
  key: readonly Compared[],
  common: readonly Compared[],
): Promise<Found> {
  const others = common.filter((column) => !key.includes(column));
  const isSame = key
    .map((column) => `${valueIn('a', column)} is not distinct from ${valueIn('b', column)}`)
    .join(' and ');
  const from = `from (select *, true as "#there" from ${nameIn(BEFORE, pair)}) as a
    full join (select *, true as "#there" from ${nameIn(AFTER, pair)}) as b on ${isSame}`;
  const differs = others.map((column) => `${valueIn('a', column)} is distinct from ${valueIn('b', column)}`);
  const isChanged = `a."#there" and b."#there" and (${differs.length === 0 ? 'false' : differs.join(' or ')})`;
  const each = differs.map(
    (one, index) => `, count(*) filter (where a."#there" and b."#there" and ${one}) as c${index}`,
  );
  const counted = await connection.row(
    `select count(*) filter (where a."#there" is null) as added, count(*) filter (where b."#there" is null) as removed,
       count(*) filter (where ${isChanged}) as changed ${each.join('')} ${from}`,
  );
  const changedColumns = others.flatMap(({ name }, index) => {
    const rows = Number(counted?.[`c${index}`]);
    return rows === 0 ? [] : [[name, rows] as const];
  });
  const one = (alias: string, where: string) =>
    connection.rows(
      `select ${common.map(({ quoted }) => `${alias}.${quoted}`).join(', ')} ${from} where ${where} limit ${pair.limit}`,
    );
  const both = others.map(({ quoted }, index) => `a.${quoted} as b${index}, b.${quoted} as a${index}`);
  const changed = await connection.rows(
    `select ${[...key.map(({ quoted }) => `a.${quoted}`), ...both].join(', ')} ${from} where ${isChanged} limit ${pair.limit}`,
  );
  return {
    added: Number(counted?.added),
    removed: Number(counted?.removed),
    changed: Number(counted?.changed),
    changedColumns: Object.fromEntries(changedColumns),
    sample: {
      added: (await one('b', 'a."#there" is null')).map(shownRow),
      removed: (await one('a', 'b."#there" is null')).map(shownRow),
      changed: changed.map((row) => changedRow(row, key, others)),
    },
  };
}

function changedRow(row: Row, key: readonly Compared[], others: readonly Compared[]) {
  const shown = shownRow(row);
  const values = (prefix: 'a' | 'b'): ShownRow =>
    Object.fromEntries(
      others.flatMap(({ name }, index) =>
        shown[`a${index}`] === shown[`b${index}`] ? [] : [[name, shown[`${prefix}${index}`] ?? null]],
      ),
    );
  const keys = Object.fromEntries(key.map(({ name }) => [name, shown[name] ?? null]));
  return { key: keys, before: values('b'), after: values('a') };
}

async function byRow(connection: Connection, pair: TablePair, common: readonly Compared[]): Promise<Found> {
  if (common.length === 0) return { ...nothing, sample: { added: [], removed: [], changed: [] } };
  const rows = (catalog: typeof BEFORE | typeof AFTER) =>
    `select ${common.map((column) => `${valueIn('t', column)} as ${column.quoted}`).join(', ')} from ${nameIn(catalog, pair)} as t`;
  const only = async (one: string, other: string) => {
    const sql = `(${one} except all ${other})`;
    const counted = await connection.row(`select count(*) as rows from ${sql}`);
    return {
      rows: Number(counted?.rows),
      sample: (await connection.rows(`from ${sql} limit ${pair.limit}`)).map(shownRow),
    };
  };
  const added = await only(rows(AFTER), rows(BEFORE));
  const removed = await only(rows(BEFORE), rows(AFTER));
  const sample = { added: added.sample, removed: removed.sample, changed: [] };
  return { ...nothing, added: added.rows, removed: removed.rows, sample };
}

const nothing = { added: 0, removed: 0, changed: 0, changedColumns: {} } as const;
