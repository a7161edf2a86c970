import { extname, resolve } from 'node:path';
import type { DatasetReader, Destination } from '../destinations/destination.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { jsonCell, textCell } from '../duckdb/cells.ts';
import type { QueryColumn, QueryRow } from '../duckdb/query-stream.ts';
import { asPipelineError, exitCodes, PipelineError } from '../errors.ts';
import type { RowForm } from '../report/forms/row-form.ts';
import { rowForms } from '../report/forms/row-forms.ts';
import { isNumeric } from '../schema/duckdb-type.ts';
import { loadProject } from './load-project.ts';
import { openLog } from './open-log.ts';
import { OutputFile } from './output-file.ts';
import { type QueryOutput, queryOutputs } from './query-outputs.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

/** What names of files end with that stand for a form. */
const endsOf: Readonly<Record<QueryOutput, readonly string[]>> = {
  table: ['.txt'],
  csv: ['.csv'],
  json: ['.json'],
  jsonl: ['.jsonl', '.ndjson'],
  parquet: ['.parquet'],
  markdown: ['.md'],
};

export interface QueryOptions extends CommonOptions {
  readonly output?: QueryOutput;
  /** The same as `output`. */
  readonly format?: QueryOutput;
  readonly limit?: number;
  readonly to?: string;
  /** For `QueryProcess`. */
  readonly answerLines?: boolean;
}

/** Gives a piece of the answer on; false when nobody wants more of it. */
type Write = (text: string) => Promise<boolean>;

/** `dezgo-elt query`: asks the live file, read-only. */
export async function queryCommand(
  terminal: Terminal,
  options: QueryOptions,
  [operand = '']: readonly string[],
): Promise<number> {
  if (options.answerLines === true) return (await import('./answer-lines.ts')).answerLines(terminal, options);
  const output = outputOf(options);
  const config = await loadProject(terminal, options, openLog(terminal, options));
  const destination = destinationOf(config);
  const sql = operand === '-' ? await terminal.input() : operand;
  const file =
    options.to === undefined ? undefined : OutputFile.at(resolve(terminal.cwd, options.to), destination.location);
  if (output === 'parquet') return writeParquet(terminal, destination, sql, file);
  return writeRows(terminal, destination, { sql, form: rowForms[output], limit: options.limit, file });
}

interface Question {
  readonly sql: string;
  readonly form: RowForm;
  readonly limit: number | undefined;
  readonly file: OutputFile | undefined;
}

async function writeRows(
  terminal: Terminal,
  destination: Destination,
  { file, ...question }: Question,
): Promise<number> {
  let begun = false;
  const print: Write = (text) => {
    begun ||= text !== '';
    return terminal.write(text);
  };
  try {
    await reading(terminal, destination, undefined, (reader) =>
      file === undefined ? rowsTo(print, reader, question) : file.writing((write) => rowsTo(write, reader, question)),
    );
    return exitCodes.ok;
  } catch (thrown) {
    if (!begun) throw thrown;
    const error = asPipelineError(thrown);
    terminal.fail(error); // nothing that `--format json` prints of a failure fits behind rows
    return error.exitCode;
  }
}

async function rowsTo(write: Write, reader: DatasetReader, { sql, form, limit }: Omit<Question, 'file'>) {
  const { columns, batches } = await reader.query(sql);
  const cellOf = form.cells === 'json' ? jsonCell : textCell;
  const writer = form.begin(columns.map(({ name, type }) => ({ name, isNumber: isNumeric(String(type)) })));
  let left = limit ?? Number.POSITIVE_INFINITY;
  for await (const batch of left > 0 ? batches() : []) {
    const rows = batch.slice(0, left).map((row) => cellsOf(columns, row, cellOf));
    left -= rows.length;
    if (!(await write(writer.rows(rows)))) return;
    if (left === 0) break;
  }
  await write(writer.end());
}

function cellsOf(columns: readonly QueryColumn[], row: QueryRow, cellOf: typeof textCell) {
  return columns.map(({ type }, index) => cellOf(row[index] ?? null, type));
}

/** Parquet is written by DuckDB. What the SQL is is looked at where it could not write either. */
async function writeParquet(
  terminal: Terminal,
  destination: Destination,
  sql: string,
  file: OutputFile | undefined,
): Promise<number> {
  if (file === undefined) {
    throw new PipelineError({
      code: 'UsageInvalid',
      message: 'Parquet is written to a file.',
      hint: 'Name it: --to rows.parquet.',
    });
  }
  await reading(terminal, destination, undefined, (reader) => reader.check(sql));
  await file.making((draft) => reading(terminal, destination, draft, (reader) => reader.writeParquet(sql)));
  return exitCodes.ok;
}

/** Ends when the terminal's signal says so, whatever DuckDB is doing. */
async function reading<T>(
  { signal }: Pick<Terminal, 'signal'>,
  destination: Destination,
  writable: string | undefined,
  work: (reader: DatasetReader) => Promise<T>,
): Promise<T> {
  const reader = await destination.reader({ writable });
  const stopListening = reader.interruptOn(signal);
  try {
    signal.throwIfAborted();
    return await work(reader);
  } catch (error) {
    throw signal.aborted ? stopped(signal) : error;
  } finally {
    stopListening();
    reader.close();
  }
}

function stopped({ reason }: AbortSignal): PipelineError {
  const { code, facts } = asPipelineError(reason);
  return new PipelineError({
    code,
    message: `The query was stopped${typeof facts.signal === 'string' ? ` by ${facts.signal}` : ''}.`,
    hint: 'Nothing was changed. `--limit` gives fewer rows.',
    facts,
  });
}

function outputOf({ output, format, limit, to }: QueryOptions): QueryOutput {
  const chosen = output ?? format ?? (to === undefined ? 'table' : meantBy(to));
  if (chosen !== 'parquet' || limit === undefined) return chosen;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: '`--limit` is not for parquet.',
    hint: 'Write it into the SQL: … limit 100.',
  });
}

function meantBy(path: string): QueryOutput {
  const end = extname(path).toLowerCase();
  const meant = queryOutputs.find((output) => endsOf[output].includes(end));
  if (meant !== undefined) return meant;
  const names = end === '' ? 'a name without an ending stands' : `names that end with \`${end}\` stand`;
  throw new PipelineError({
    code: 'UsageInvalid',
    message: `\`--to ${path}\`: ${names} for no form of rows.`,
    hint: `End the name with ${alternatives(queryOutputs.map(endsText))}, or name the form with \`--output\`.`,
    facts: { path, forms: queryOutputs },
  });
}

function endsText(output: QueryOutput): string {
  const ends = endsOf[output].join(' or ');
  return output === 'table' ? `${ends} (table)` : ends;
}

function alternatives(texts: readonly string[]): string {
  return `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}
