export const queryOutputs = ['table', 'csv', 'json', 'jsonl', 'parquet', 'markdown'] as const;

/** A way of writing rows, by its name on the command line. */
export type QueryOutput = (typeof queryOutputs)[number];
