import { memoryError } from '../duckdb/out-of-memory.ts';
import { PipelineError } from '../errors.ts';
import { StatementFailed } from '../load/asker.ts';
import type { DatasetTable } from '../load/described-table.ts';
import { isBookTable } from '../schema/names.ts';
import { shortened } from '../text/count.ts';

const MOST_NAMES = 40;

/**
 * What an engine says of SQL that somebody else wrote, with the names that there are.
 *
 * @returns a PipelineError QueryFailed, DestinationFailed where the memory is too little; what is none of the engine's errors as it is
 */
export function queryFailed(sql: string, thrown: unknown, tables: readonly DatasetTable[]): unknown {
  if (thrown instanceof PipelineError || !(thrown instanceof Error)) return thrown;
  const ofMemory = memoryError(thrown, 'answer the query');
  if (ofMemory !== undefined) return ofMemory;
  return new PipelineError({
    code: 'QueryFailed',
    message: isWriting(thrown, sql) ? WRITES : thrown.message.replace(/^Failed to extract statements: /, ''),
    hint: thrown instanceof StatementFailed ? hintOf(thrown, sql, tables) : hintFor(thrown.message, sql, tables),
    facts: { query: sql },
    cause: thrown,
  });
}

// --- internal ---

function hintFor(message: string, sql: string, tables: readonly DatasetTable[]): string {
  if (/^Catalog Error: (?:Table|View) with name/.test(message)) return tablesIn(tables);
  if (/^Binder Error: .*(?:not found in FROM clause|does not have a column|Referenced (?:table|column))/.test(message))
    return columnsIn(sql, tables);
  if (/^(?:Permission|Invalid Configuration) Error/.test(message)) {
    return 'A query reads its dataset and nothing else: no other file, no network, no extension; settings stay as they are.';
  }
  return CORRECT;
}

const CORRECT =
  'Correct the SQL. In a shell it stands in single quotes, so that names can stand in double quotes: \'select "id" from models\'.';

function hintOf(thrown: StatementFailed, sql: string, tables: readonly DatasetTable[]): string {
  const { missing, message } = thrown;
  if (isWriting(thrown, sql))
    return 'A query reads its dataset and changes nothing. What is in it comes from runs: dezgo-elt run';
  if (missing !== undefined) return tablesIn(tables);
  return /^column /.test(message) ? columnsIn(sql, tables) : CORRECT;
}

const WRITES = 'The SQL does more than read, and nothing of it was done.';

/** An engine that takes only what gives rows calls the rest a mistake in the SQL. */
function isWriting(thrown: Error, sql: string): boolean {
  if (!(thrown instanceof StatementFailed)) return false;
  if (thrown.about === 'rights') return !/^permission denied/.test(thrown.message);
  const isOther =
    /^\s*(?:insert|update|delete|merge|create|drop|alter|truncate|copy|set|reset|begin|commit|rollback|vacuum|call|do|comment|grant)\b/i;
  return isOther.test(sql) || /data-modifying/.test(thrown.message);
}

function columnsIn(sql: string, tables: readonly DatasetTable[]): string {
  const named = tables.filter(({ name }) => names(sql, name));
  return named.length === 0 ? tablesIn(tables) : named.map(columnsOf).join(' ');
}

function tablesIn(tables: readonly DatasetTable[]): string {
  if (tables.length === 0) return 'The dataset has no tables yet. Load something first: dezgo-elt run';
  return `The dataset has these tables: ${shortened(sorted(tables.map(({ name }) => name)), MOST_NAMES)}.`;
}

function columnsOf({ name, columns }: DatasetTable): string {
  return `${name} has these columns: ${shortened(
    columns.map((column) => column.name),
    MOST_NAMES,
  )}.`;
}

/** Those of the books come last. */
function sorted(tables: readonly string[]): string[] {
  const isLast = (name: string) => Number(isBookTable(name));
  return tables.toSorted((a, b) => isLast(a) - isLast(b) || (a < b ? -1 : 1));
}

/** Whether the name stands in the SQL as a word. */
function names(sql: string, name: string): boolean {
  const [text, word] = [sql.toLowerCase(), name.toLowerCase()];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + word.length))) return true;
  }
  return false;
}
