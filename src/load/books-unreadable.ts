import { PipelineError } from '../errors.ts';

/** Sentences about the columns of a table; what DuckDB says about the file is for file-errors.ts. */
const ABOUT_COLUMNS = /^(Binder|Catalog|Conversion|Mismatch Type|Out of Range) Error: /;

/** Reads from the books: they stand in a file that anybody can write to. Throws DestinationUnreadable where they are no books. */
export async function readingBooks<T>(dataset: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    const sentence = thrown instanceof Error ? (thrown.message.split('\n', 1)[0] ?? '') : '';
    if (thrown instanceof PipelineError || !ABOUT_COLUMNS.test(sentence)) throw thrown;
    throw unreadableBooks(dataset, `cannot be read: ${sentence}`, thrown);
  }
}

export function unreadableBooks(dataset: string, what: string, cause?: unknown): PipelineError {
  return new PipelineError({
    code: 'DestinationUnreadable',
    message: `The books of dataset ${dataset} ${what}`,
    hint: 'Restore it from a backup, or rename the table that is wrong: the next load makes a new one.',
    facts: { dataset },
    cause,
  });
}
