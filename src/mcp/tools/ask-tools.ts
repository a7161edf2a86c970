import { z } from 'zod';
import { describeTable, tables } from '../../inspection/listed-tables.ts';
import type { LimitedAnswer } from '../../inspection/live-query.ts';
import { schemaChanges } from '../../inspection/schema-log.ts';
import { parsePlainJson } from '../../json/plain-json.ts';
import { type AnyTool, tool } from '../tool.ts';
import { most } from './inputs.ts';

/** That come back at most. */
const ROWS = 200;

/** The tables, and SQL on them. */
export const askTools: readonly AnyTool[] = [
  tool({
    name: 'list_tables',
    title: 'Tables and views',
    description:
      'Tables of the dataset with rows, comment, resource and parent. A list inside a record is a table of its own, named parent__field, whose `_dlt_parent_id` is `_dlt_id` of the parent. The books (`_dlt_…`, `_elt_…`) are left out unless asked for.',
    input: z.strictObject({ books: z.boolean().default(false).describe('The books, too') }),
    call: async ({ load }, { books }) =>
      (await tables((await load()).config))
        .filter(({ isBook }) => books || !isBook)
        .map(({ isBook: _, ...table }) => table),
  }),
  tool({
    name: 'describe_table',
    title: 'Columns of a table',
    description: 'Columns with type, comment, key and share of nulls, of one table; its parent and its nested tables.',
    input: z.strictObject({ table: z.string().max(200) }),
    call: async ({ load, effects }, { table }) => describeTable((await load()).config, table, effects),
  }),
  tool({
    name: 'query',
    title: 'Ask with SQL',
    description: `Runs one statement that reads, in DuckDB's SQL (in that of the server where the destination is one), on what was published last; the dataset is the search path. At most ${ROWS} rows and 20 kB come back, within 5 s: prefer aggregates, name columns, and order by a key to go on with \`where key > …\`. Files, network, extensions and settings are out of reach.`,
    input: z.strictObject({
      sql: z.string().min(1).max(20_000).describe('select …, from …, describe …, show tables'),
      limit: most(100, ROWS),
    }),
    call: async ({ ask }, { sql, limit }, signal) =>
      answerOf(await ask(sql, { ...limits, rows: limit, signal }), limit),
  }),
  tool({
    name: 'schema_changes',
    title: 'How tables changed',
    description:
      'Tables and columns that came, and types that became wider, with the load and the value that caused it; the newest first.',
    input: z.strictObject({ table: z.string().max(200).optional(), limit: most(50, 200) }),
    call: async ({ load }, { table, limit }) => schemaChanges((await load()).config, { table, limit }),
  }),
];

// --- internal ---

const limits = { bytes: 20_000, seconds: 5 };

function answerOf({ columns, rows, cut, shortened }: LimitedAnswer, limit: number) {
  const by = cut === 'rows' ? `${limit} rows` : '20 kB';
  return {
    columns,
    rows: rows.map((row) => row.map(plainCell)),
    ...(cut === null
      ? {}
      : {
          truncated: `There are more rows: these are the first ${rows.length}, cut at ${by}. Go on with a condition on the last key (\`where id > …\`) and the same \`order by\`, or ask for fewer columns or an aggregate.`,
        }),
    ...(shortened === 0
      ? {}
      : {
          shortened: `${shortened} long values end with …: \`substring(column::varchar, 2001, 2000)\` has what follows; of lists and structs \`substring(to_json(column)::varchar, …)\`.`,
        }),
  };
}

/** Numbers of more digits than a double has, and those that are none, stay as they are written. */
function plainCell(cell: string): unknown {
  const value = /^-?[\d.]{17,}$/.test(cell) ? cell : parsePlainJson(cell);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
