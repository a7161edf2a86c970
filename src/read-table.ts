import type { ConfigFileInput } from './config/grammar/config-schema.ts';
import type { PipelineConfig } from './config/pipeline-config.ts';
import { settledConfig } from './config/settled-config.ts';
import { destinationOf } from './destinations/destination-kinds.ts';
import type { PlainRow } from './duckdb/plain-rows.ts';
import { realEffects } from './effects.ts';

/**
 * Rows of a table of the live file, in the file's order, streamed: memory does not grow with the table. The file is open
 * read-only until the last row is read or the loop is left.
 *
 * Integers are numbers, beyond 2^53 bigints; decimals, dates and times text; timestamps `Date`s; json columns parsed.
 *
 * @param name of the table, such as `models` or `models__functions`
 * @throws PipelineError UsageInvalid: no such table; DestinationFailed, DestinationLocked, …: the file cannot be opened.
 * @example
 * for await (const { id, name } of readTable(await loadConfig('pipeline.config.yaml'), 'models')) console.log(id, name);
 */
export async function* readTable(input: PipelineConfig | ConfigFileInput, name: string): AsyncGenerator<PlainRow> {
  yield* destinationOf(await settledConfig(input, realEffects.env)).rows(name);
}
