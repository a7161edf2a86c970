import { setImmediate } from 'node:timers/promises';
import type { RecordSource } from '../../config/grammar/resource-schema.ts';
import { PipelineError } from '../../errors.ts';
import type { Json } from '../../json/json-value.ts';
import { printable } from '../../text/printable.ts';
import type { ExtractContext } from '../context.ts';
import { throwIfInterrupted } from '../interruption.ts';
import type { ExtractOutcome, Page } from '../page.ts';
import { NotJson, plainRecord } from './plain-record.ts';
import { SourceReader } from './source-reader.ts';

const RECORDS_A_PAGE = 1000;

/**
 * Pages of what a program's own generator yields; a yielded list counts as its records. What is no JSON becomes JSON or
 * fails, see `plainRecord`. Its position cannot be continued. When the signal is aborted it ends at once, as Interrupted.
 */
export async function* generatorPages(
  name: string,
  data: RecordSource,
  { effects, signal }: Pick<ExtractContext, 'effects' | 'signal'>,
): AsyncGenerator<Page, ExtractOutcome> {
  const request = `data of resource ${name}`;
  const reader = new SourceReader(effects, signal);
  let records: Json[] = [];
  let total = 0;
  let seen = 0;
  try {
    await reader.open(data);
    for (let item = await reader.next(); item.done !== true; item = await reader.next()) {
      const before = records.length;
      if (Array.isArray(item.value)) for (const record of item.value) records.push(plainRecord(record));
      else records.push(plainRecord(item.value));
      seen += 1 + records.length - before;
      if (seen < RECORDS_A_PAGE) continue;
      seen = 0;
      // A source that never waits would leave a signal no moment to arrive.
      await setImmediate();
      throwIfInterrupted(signal);
      if (records.length < RECORDS_A_PAGE) continue;
      total += records.length;
      yield { records, position: {}, request };
      records = [];
    }
    throwIfInterrupted(signal);
    total += records.length;
    if (records.length > 0) yield { records, position: {}, request };
    return { status: 'extracted', records: total, requests: 0, notes: [], isWhole: true };
  } catch (error) {
    throwIfInterrupted(signal);
    throw generatorFailed(name, error);
  } finally {
    await reader.close();
  }
}

// --- internal ---

function generatorFailed(name: string, error: unknown): PipelineError {
  if (error instanceof PipelineError) return error;
  if (error instanceof NotJson) return notJson(name, error);
  return new PipelineError({
    code: 'ResourceGeneratorFailed',
    message: `The generator of resource \`${name}\` failed: ${printable(error instanceof Error ? error.message : String(error))}`,
    hint: 'Correct the function under `data`: it must return an (async) iterable of records.',
    facts: { resource: name },
    cause: error,
  });
}

function notJson(name: string, { what, at }: NotJson): PipelineError {
  const place = printable(at);
  return new PipelineError({
    code: 'ResourceGeneratorFailed',
    message: `The generator of resource \`${name}\` gave ${printable(what)} ${place === '' ? 'as a record' : `at \`${place}\``}, which has no form in JSON.`,
    hint: 'Convert it under `data`, for example a Map with `Object.fromEntries(…)`. Dates, bytes and what has `toJSON()` are converted for you.',
    facts: { resource: name, path: at },
  });
}
