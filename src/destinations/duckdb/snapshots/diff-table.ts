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
  /** A SQL expression: what is compared of a value, the same for both tables. */
  readonly form: (value: string) => string;
}

type Found = Pick<TableDifference, 'added' | 'removed' | 'changed' | 'changedColumns' | 'sample'>;

function columnOf({ before, after }: TablePair, name: string): Compared {
  const [one, other] = [before.columns.get(name), after.columns.get(name)];
  const found = other?.name ?? name;
  return { name: found, quoted: quotedIdentifier(found), form: commonForm(one?.type ?? '', other?.type ?? '') };
}

/** A column that widened has the same values as before. What types do not have in common is compared as text. */
function commonForm(was: string, is: string): Compared['form'] {
  const all = (kind: RegExp) => kind.test(was) && kind.test(is);
  if (was === is) return (value) => value;
  if (all(/^(?:DATE|TIMESTAMP.*)$/)) return (value) => `${value}::timestamptz`;
  if (all(new RegExp(`${EXACT.source}|${FRACTION.source}`))) {
    if (!all(EXACT)) return (value) => `${value}::double`;
    return (value) => `regexp_replace(${value}::varchar, '(\\.\\d*?)0+$', '\\1').rtrim('.')`; // 1.50 and 1.5, 2.00 and 2
  }
  return (value) => `${value}::varchar`;
}

const EXACT = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(.*)$/;
const FRACTION = /^(?:FLOAT|DOUBLE)$/;

function nameIn(catalog: typeof BEFORE | typeof AFTER, pair: TablePair): string {
  return qualifiedName(catalog, pair.dataset, pair[catalog].name);
}

async function uniqueKey(connection: Connection, pair: TablePair, common: readonly Compared[]): Promise<Compared[]> {
  const key = common.filter(({ name }) => pair.primaryKey.includes(name));
  if (key.length === 0 || key.length < pair.primaryKey.length) return [];
  const list = key.map(({ quoted, form }) => form(quoted)).join(', ');
  for (const catalog of [BEFORE, AFTER] as const) {
    const sql = `select 1 from ${nameIn(catalog, pair)} group by ${list} having count(*) > 1 limit 1`;
    if ((await connection.row(sql)) !== undefined) return [];
  }
  return key;
}

/** Columns are called by number, so that their names are in nobody's way. */
async function byKey(
  connection: Connection,
  pair: TablePair,
  key: readonly Compared[],
  common: readonly Compared[],
): Promise<Found> {
  const columns = common.map((column, index) => ({ ...column, index, isKey: key.includes(column) }));
  const [keys, others] = [columns.filter(({ isKey }) => isKey), columns.filter(({ isKey }) => !isKey)];
  const numbered = columns.map(({ quoted, index }) => `, ${quoted} as c${index}`).join('');
  const rows = (catalog: typeof BEFORE | typeof AFTER) =>
    `(select true as is_there${numbered} from ${nameIn(catalog, pair)})`;
  const isSame = keys.map(({ form, index }) => `${form(`a.c${index}`)} is not distinct from ${form(`b.c${index}`)}`);
  const from = `from ${rows(BEFORE)} as a full join ${rows(AFTER)} as b on ${isSame.join(' and ')}`;
  const differs = others.map(({ form, index }) => `${form(`a.c${index}`)} is distinct from ${form(`b.c${index}`)}`);
  const isChanged = `a.is_there and b.is_there and (${['false', ...differs].join(' or ')})`;
  const each = differs.map(
    (one, index) => `, count(*) filter (where a.is_there and b.is_there and ${one}) as d${index}`,
  );
  const counted = await connection.row(
    `select count(*) filter (where a.is_there is null) as added, count(*) filter (where b.is_there is null) as removed,
       count(*) filter (where ${isChanged}) as changed ${each.join('')} ${from}`,
  );
  const changedColumns = others.flatMap(({ name }, index) => {
    const found = Number(counted?.[`d${index}`]);
    return found === 0 ? [] : [[name, found] as const];
  });
  const one = async (alias: string, where: string) => {
    const list = columns.map(({ quoted, index }) => `${alias}.c${index} as ${quoted}`).join(', ');
    return (await connection.rows(`select ${list} ${from} where ${where} limit ${pair.limit}`)).map(shownRow);
  };
  const both = others.map(
    ({ index }, at) => `, a.c${index} as a${at}, b.c${index} as b${at}, ${differs[at]} as d${at}`,
  );
  const changed = await connection.rows(
    `select ${keys.map(({ index }) => `a.c${index}`).join(', ')}${both.join('')} ${from} where ${isChanged} limit ${pair.limit}`,
  );
  return {
    added: Number(counted?.added),
    removed: Number(counted?.removed),
    changed: Number(counted?.changed),
    changedColumns: Object.fromEntries(changedColumns),
    sample: {
      added: await one('b', 'a.is_there is null'),
      removed: await one('a', 'b.is_there is null'),
      changed: changed.map((row) => changedRow(row, keys, others)),
    },
  };
}

function changedRow(row: Row, keys: readonly (Compared & { index: number })[], others: readonly Compared[]) {
  const shown = shownRow(row);
  const values = (side: 'a' | 'b'): ShownRow =>
    Object.fromEntries(
      others.flatMap(({ name }, at) => (row[`d${at}`] === true ? [[name, shown[`${side}${at}`] ?? null]] : [])),
    );
  const key = Object.fromEntries(keys.map(({ name, index }) => [name, shown[`c${index}`] ?? null]));
  return { key, before: values('a'), after: values('b') };
}

async function byRow(connection: Connection, pair: TablePair, common: readonly Compared[]): Promise<Found> {
  if (common.length === 0) return { ...nothing, sample: { added: [], removed: [], changed: [] } };
  const rows = (catalog: typeof BEFORE | typeof AFTER) =>
    `select ${common.map(({ quoted, form }) => `${form(`t.${quoted}`)} as ${quoted}`).join(', ')} from ${nameIn(catalog, pair)} as t`;
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
