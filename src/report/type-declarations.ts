import type { DatasetColumn, DatasetTable } from '../load/described-table.ts';
import { plainText } from '../text/plain-text.ts';

/**
 * TypeScript declarations of the tables: an interface for the rows of each, and `Tables`, which has them by name. The values are
 * those that `readTable` and `dataset` give.
 */
export function typeDeclarations(dataset: string, tables: readonly DatasetTable[]): string {
  const names = interfaceNames(tables);
  const interfaces = tables.map((table) => rowInterface(names.get(table.name) ?? '', table));
  const members = tables.map(({ name }) => `  readonly ${propertyName(name)}: ${names.get(name)};`);
  const map = [
    `/** ${commentText(`The tables of the dataset ${dataset}`)}, by name. */`,
    'export interface Tables {',
    ...members,
    '}',
  ];
  return [...interfaces, map.join('\n')].join('\n\n');
}

// --- internal ---

function rowInterface(name: string, { name: table, comment, columns }: DatasetTable): string {
  const about = comment === null ? `A row of ${table}.` : `A row of ${table}: ${comment}`;
  const members = columns.flatMap((column) => [
    ...(column.comment === null ? [] : [`  /** ${commentText(column.comment)} */`]),
    `  readonly ${propertyName(column.name)}: ${valueType(column)};`,
  ]);
  return [`/** ${commentText(about)} */`, `export interface ${name} {`, ...members, '}'].join('\n');
}

/** `ModelsFunctionsRow` for `models__functions`; the second of one name gets a number. */
function interfaceNames(tables: readonly DatasetTable[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const names = tables.map(({ name }) => {
    const words = name.split(/[^\p{ID_Continue}]|_/u).filter((word) => word !== '');
    const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
    const wanted = /^\p{ID_Start}/u.test(joined) ? joined : `Table${joined}`;
    let free = `${wanted}Row`;
    for (let number = 2; taken.has(free); number += 1) free = `${wanted}${number}Row`;
    taken.add(free);
    return [name, free] as const;
  });
  return new Map(names);
}

/** What a column's values are in TypeScript, such as `Date | string | null`. */
export function valueType({ type, nullable }: DatasetColumn): string {
  const of = types.find(([pattern]) => pattern.test(type))?.[1] ?? 'unknown';
  return nullable && of !== 'unknown' ? `${of} | null` : of;
}

/** As `plain-rows.ts` makes them. An infinite timestamp is text. */
const types: readonly (readonly [RegExp, string])[] = [
  [/^U?(?:TINYINT|SMALLINT|INTEGER)$/, 'number'],
  [/^U?(?:BIGINT|HUGEINT)$/, 'number | bigint'],
  [/^(?:DOUBLE|FLOAT)$/, 'number'],
  [/^DECIMAL\(\d+,\d+\)$/, 'string'],
  [/^BOOLEAN$/, 'boolean'],
  [/^VARCHAR$|^UUID$|^ENUM\((?:'(?:[^']|'')*'(?:, )?)*\)$/, 'string'],
  [/^(?:DATE|TIME|TIME_NS|TIME WITH TIME ZONE|INTERVAL)$/, 'string'],
  [/^TIMESTAMP(?:_S|_MS|_NS| WITH TIME ZONE)?$/, 'Date | string'],
  [/^BLOB$/, 'Uint8Array'],
];

function propertyName(name: string): string {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name) ? name : quoted(name);
}

/** A string of TypeScript that no line ends. */
function quoted(name: string): string {
  return JSON.stringify(name).replace(/[\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

function commentText(text: string): string {
  return plainText(text).replaceAll('*/', '*\u200b/');
}
