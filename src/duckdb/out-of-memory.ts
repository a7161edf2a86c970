import { PipelineError } from '../errors.ts';

/** DuckDB's sentences, whichever statement, commit or checkpoint they end up in: `failed to pin block of size 1.9 MiB (75.4 MiB/76.2 MiB used)`. */
const OUT_OF_MEMORY =
  /^Out of Memory Error|\b(?:could not|failed to) (?:allocate|pin|reserve|resize|offload|reallocate) .*\([\d.]+ \w+\/[\d.]+ \w+ used\)|^std::bad_alloc$/;
/** What these quote can read like anything. */
const REFUSED_VALUE = /^(?:Conversion|Constraint|Out of Range|Invalid Input) Error/;

/** Whether DuckDB had too little memory for something, here or in what this error came of. */
export function isOutOfMemory(thrown: unknown): boolean {
  return sentenceOf(thrown) !== undefined;
}

/**
 * DestinationFailed for DuckDB's want of memory; undefined for anything else.
 *
 * @param doing such as `load package 1795278416.534776`
 */
export function memoryError(thrown: unknown, doing: string): PipelineError | undefined {
  const sentence = thrown instanceof PipelineError ? undefined : sentenceOf(thrown);
  if (sentence === undefined) return undefined;
  const [, limit] = /\/([\d.]+ \w+) used\)/.exec(sentence) ?? [];
  const available = limit === undefined ? '' : `: DuckDB may use ${limit} here`;
  return new PipelineError({
    code: 'DestinationFailed',
    message: `There is too little memory to ${doing}${available}.`,
    hint:
      'Give the process more memory (DuckDB takes up to 80 % of it), or ask for less at a time: smaller pages, fewer ' +
      'tables (`max_table_nesting: 0` keeps lists as JSON), `data_type: json` for an object with many keys.',
    facts: { doing, limit },
    cause: thrown,
  });
}

// --- internal ---

function sentenceOf(thrown: unknown): string | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { message } = error;
    if (OUT_OF_MEMORY.test(message) && !REFUSED_VALUE.test(message)) return message;
  }
  return undefined;
}
