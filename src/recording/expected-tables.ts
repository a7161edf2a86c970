import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonRow } from '../duckdb/json-rows.ts';
import { makeFolder } from '../files/folder.ts';
import { absentIsUndefined, reasonOf } from '../files/reason.ts';
import { parseExactJson } from '../json/exact-json.ts';
import { jsonText } from '../json/json-text.ts';
import type { DatasetTable } from './dataset-table.ts';
import { noRecording } from './recording.ts';

/** Replaces `expected/`: `tables.json` with keys and types, and a file a table with a line a row. */
export async function writeExpected(folder: string, tables: readonly DatasetTable[]): Promise<void> {
  const target = join(folder, EXPECTED);
  await rm(target, { recursive: true, force: true });
  await makeFolder(target);
  const shapes = Object.fromEntries(tables.map(({ name, key, columns }) => [name, { key, columns }]));
  await writeFile(join(folder, TABLES), `${JSON.stringify(shapes, null, 2)}\n`);
  for (const { name, rows } of tables) {
    await writeFile(join(folder, fileOf(name)), rows.map((row) => `${jsonText(row)}\n`).join(''));
  }
}

/** Undefined where nothing is expected yet. Throws UsageInvalid for files that cannot be read. */
export async function readExpected(folder: string): Promise<DatasetTable[] | undefined> {
  const text = await readText(folder, TABLES);
  if (text === undefined) return undefined;
  const shapes = parsed(folder, TABLES, text);
  if (!isShapes(shapes)) throw noRecording(folder, 'it is not what `record` writes', TABLES);
  return Promise.all(
    Object.entries(shapes).map(async ([name, shape]) => ({
      name,
      ...shape,
      rows: await readRows(folder, fileOf(name)),
    })),
  );
}

// --- internal ---

const EXPECTED = 'expected';
const TABLES = join(EXPECTED, 'tables.json');

type Shape = Pick<DatasetTable, 'key' | 'columns'>;

/** Names of tables are letters, digits and underscores, unless somebody brought another convention. */
function fileOf(table: string): string {
  return join(EXPECTED, `${encodeURIComponent(table)}.jsonl`);
}

async function readRows(folder: string, file: string): Promise<JsonRow[]> {
  const text = (await readText(folder, file)) ?? '';
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const row = parsed(folder, file, line);
    if (!isRow(row)) throw noRecording(folder, 'a line is no JSON object', file);
    return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  });
}

async function readText(folder: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, file), 'utf8').catch(absentIsUndefined);
  } catch (error) {
    throw noRecording(folder, reasonOf(error), file);
  }
}

function parsed(folder: string, file: string, text: string): unknown {
  try {
    return parseExactJson(text, true);
  } catch (error) {
    throw noRecording(folder, reasonOf(error), file);
  }
}

function isRow(value: unknown): value is JsonRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShapes(value: unknown): value is Readonly<Record<string, Shape>> {
  return isRow(value) && Object.values(value).every(isShape);
}

function isShape(value: unknown): value is Shape {
  if (!isRow(value)) return false;
  const { key, columns } = value;
  const isTexts = (texts: readonly unknown[]) => texts.every((text) => typeof text === 'string');
  return Array.isArray(key) && isTexts(key) && isRow(columns) && isTexts(Object.values(columns));
}
