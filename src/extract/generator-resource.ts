import type { RecordSource } from '../config/resource-schema.ts';
import { PipelineError } from '../errors.ts';
import { throwIfInterrupted } from './interruption.ts';
import type { ExtractOutcome, Json, Page } from './page.ts';
import { printable } from './printable.ts';

const RECORDS_A_PAGE = 1000;

/** Pages of what a program's own generator yields; a yielded list counts as its records. Its position cannot be continued. */
export async function* generatorPages(
  name: string,
  data: RecordSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<Page, ExtractOutcome> {
  const request = `data of resource ${name}`;
  let records: Json[] = [];
  let total = 0;
  for await (const item of itemsOf(name, data)) {
    if (Array.isArray(item)) for (const record of item) records.push(record);
    else records.push(item);
    if (records.length < RECORDS_A_PAGE) continue;
    total += records.length;
    yield { records, position: {}, request };
    throwIfInterrupted(signal);
    records = [];
  }
  throwIfInterrupted(signal);
  total += records.length;
  if (records.length > 0) yield { records, position: {}, request };
  return { status: 'extracted', records: total, requests: 0, notes: [] };
}

// --- internal ---

async function* itemsOf(name: string, data: RecordSource): AsyncGenerator<Json> {
  try {
    yield* data();
  } catch (error) {
    if (error instanceof PipelineError) throw error;
    throw new PipelineError({
      code: 'ResourceGeneratorFailed',
      message: `The generator of resource \`${name}\` failed: ${printable(error instanceof Error ? error.message : String(error))}`,
      hint: 'Correct the function under `data`: it must return an (async) iterable of records.',
      facts: { resource: name },
      cause: error,
    });
  }
}
