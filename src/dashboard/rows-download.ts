import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DatasetReader } from '../destinations/destination.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { jsonCell, textCell } from '../duckdb/cells.ts';
import { PipelineError } from '../errors.ts';
import { rowForms } from '../report/forms/row-forms.ts';
import { isNumeric } from '../schema/duckdb-type.ts';
import type { Project } from './project.ts';

/** What rows can be had as, by the end of the name. */
const types = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const;

export type DownloadForm = keyof typeof types;

export function isDownloadForm(name: string): name is DownloadForm {
  return Object.hasOwn(types, name);
}

export interface Download {
  readonly form: DownloadForm;
  readonly sql: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/**
 * All rows of a statement that reads, as a file; nothing is sent before the first of them are there.
 *
 * @throws PipelineError QueryFailed: the SQL is no good
 */
export async function sendRows(response: ServerResponse, project: Project, download: Download): Promise<void> {
  const { form, headers } = download;
  const about = {
    ...headers,
    'content-type': types[form],
    'content-disposition': `attachment; filename="rows.${form}"`,
  };
  if (form === 'parquet') await sendParquet(response, project, download, about);
  else await sendText(response, project, { ...download, form }, about);
}

// --- internal ---

/** Megabytes that DuckDB may use. */
const MEMORY = 512;
const MOST_MS = 300_000;

type Headers = Readonly<Record<string, string>>;
type TextDownload = Download & { readonly form: Exclude<DownloadForm, 'parquet'> };

async function sendText(
  response: ServerResponse,
  project: Project,
  { form, sql, signal }: TextDownload,
  about: Headers,
) {
  const { begin, cells } = rowForms[form];
  const cellOf = cells === 'json' ? jsonCell : textCell;
  await reading(project, undefined, signal, async (reader) => {
    const { columns, batches } = await reader.query(sql);
    const writer = begin(columns.map(({ name, type }) => ({ name, isNumber: isNumeric(String(type)) })));
    for await (const batch of batches()) {
      const rows = batch.map((row) => columns.map(({ type }, index) => cellOf(row[index] ?? null, type)));
      if (!response.headersSent) response.writeHead(200, about);
      if (!response.write(writer.rows(rows))) await once(response, 'drain', { signal });
    }
    if (!response.headersSent) response.writeHead(200, about);
    response.end(writer.end());
  });
}

/** DuckDB writes it to a file, and nowhere else. */
async function sendParquet(response: ServerResponse, project: Project, { sql, signal }: Download, about: Headers) {
  const folder = await mkdtemp(join(tmpdir(), 'dezgo-elt-rows-'));
  try {
    const path = join(folder, 'rows.parquet');
    await reading(project, undefined, signal, (reader) => reader.check(sql));
    await reading(project, path, signal, (reader) => reader.writeParquet(sql));
    const { size } = await stat(path);
    response.writeHead(200, { ...about, 'content-length': String(size) });
    await pipeline(createReadStream(path), response, { signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** For so long and no longer: as long as the file is open, somebody who publishes in place has to wait for it. */
async function reading<T>(
  { placed: { config }, effects }: Project,
  writable: string | undefined,
  signal: AbortSignal,
  work: (reader: DatasetReader) => Promise<T>,
): Promise<T> {
  const [late, ended] = [new AbortController(), new AbortController()];
  effects.sleep(MOST_MS, ended.signal).then(
    () => late.abort(tookTooLong()),
    () => undefined,
  );
  const stop = AbortSignal.any([signal, late.signal]);
  const reader = await destinationOf(config).reader({ memory: MEMORY, writable });
  const stopListening = reader.interruptOn(stop);
  try {
    stop.throwIfAborted();
    return await work(reader);
  } catch (error) {
    stop.throwIfAborted();
    throw error;
  } finally {
    ended.abort();
    stopListening();
    reader.close();
  }
}

function tookTooLong(): PipelineError {
  return new PipelineError({
    code: 'QueryFailed',
    message: `The download took longer than ${MOST_MS / 60_000} minutes and was stopped.`,
    hint: 'From a shell it may take as long as it likes: dezgo-elt query SQL --to FILE',
  });
}
