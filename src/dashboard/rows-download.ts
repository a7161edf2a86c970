import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RowsFileForm } from '../inspection/rows-file.ts';
import type { Project } from './project.ts';

/** What rows can be had as, by the end of the name. */
const types = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const satisfies Record<RowsFileForm, string>;

export function isDownloadForm(name: string): name is RowsFileForm {
  return Object.hasOwn(types, name);
}

export interface Download {
  readonly form: RowsFileForm;
  readonly sql: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/**
 * All rows of a statement that reads, as a file; nothing is sent before all of them are there.
 *
 * @throws PipelineError QueryFailed: the SQL is no good, or takes too long or too much memory
 */
export async function sendRows(
  response: ServerResponse,
  project: Project,
  { form, sql, headers, signal }: Download,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dezgo-elt-rows-'));
  try {
    const path = join(folder, `rows.${form}`);
    await project.save(sql, { path, form }, { seconds: MOST_SECONDS, signal });
    const { size } = await stat(path);
    response.writeHead(200, {
      ...headers,
      'content-type': types[form],
      'content-disposition': `attachment; filename="rows.${form}"`,
      'content-length': String(size),
    });
    await pipeline(createReadStream(path), response, { signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// --- internal ---

/** For so long and no longer: as long as the file is open, somebody who publishes in place has to wait for it. */
const MOST_SECONDS = 300;
