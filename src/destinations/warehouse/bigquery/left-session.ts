import { isNotFound } from './bigquery-errors.ts';
import type { BigqueryJobs } from './bigquery-jobs.ts';
import { bigqueryIdentifier, bigqueryLiteral } from './bigquery-names.ts';

/** As long as a session can go on: https://cloud.google.com/bigquery/docs/sessions-terminating */
const EXPIRY = 'options (expiration_timestamp = timestamp_add(current_timestamp(), interval 7 day))';

/** The table that says which session a pipeline has open; there is none while it has none. */
export function sessionNote(place: string, pipeline: string): string {
  return `${bigqueryIdentifier(place)}.${bigqueryIdentifier(`elt_session_${pipeline.replaceAll(/\W/g, '_')}`)}`;
}

/** Ends the session of a run that was killed: its transaction would keep the tables that it changed from others for a day. */
export async function endLeftSession(jobs: BigqueryJobs, note: string): Promise<void> {
  const { rows } = await jobs.rows(`select id from ${note}`, []).catch((error: unknown) => {
    if (isNotFound(error)) return { rows: [] };
    throw error;
  });
  for (const [id] of rows) await jobs.change(`call bq.abort_session(${bigqueryLiteral(String(id))})`, []).catch(ended);
}

export async function noteSession(jobs: BigqueryJobs, note: string, id: string): Promise<void> {
  await jobs.change(`create or replace table ${note} ${EXPIRY} as select ${bigqueryLiteral(id)} as id`, []);
}

// --- internal ---

/** It was over already. */
function ended(): void {}
