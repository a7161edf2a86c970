import type { BigqueryCredentials } from '../../../config/grammar/bigquery-destination.ts';

/** The same from run to run. */
export function bigqueryLocation({ project_id }: BigqueryCredentials): string {
  return `bigquery://${encodeURIComponent(project_id)}`;
}
