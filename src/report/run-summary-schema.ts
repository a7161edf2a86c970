import { z } from 'zod';

/** A member and what it is, for people who read the JSON Schema. */
const about = <T extends z.ZodType>(description: string, schema: T): T => schema.describe(description);

const text = z.string();
const amount = z.number();
const count = z.int().nonnegative();
const milliseconds = z.int().nonnegative();
const time = z.iso.datetime();
const loadId = about('Of the load package, as `_dlt_load_id` has it', text);

const failure = z.object({
  code: about('Which failure, such as `SourceRefused`', text),
  message: text,
  hint: about('What to do next', text),
});

const resource = z.object({
  name: text,
  status: z.enum(['not_executed', 'extracted', 'unchanged', 'skipped', 'ignored', 'failed']),
  requests: about('Of all pages, each counted once however often it was sent', count),
  statuses: about('Requests by the status of their answer, `none` where none came', z.record(text, count)).optional(),
  retries: about('How often requests were sent again', count),
  waitedMilliseconds: about('Before they were', milliseconds),
  records: count,
  milliseconds,
  error: failure.optional(),
});

const table = z.object({
  name: text,
  rowsInserted: count,
  rowsUpdated: about('Rows whose key was there', count),
  rowsDeleted: count,
  rowsRetired: about('Rows that were marked as gone, and stay', count),
});

const schemaChange = z.object({
  loadId,
  table: text,
  column: about('Null: the table itself', text.nullable()),
  change: z.enum(['table_added', 'column_added', 'column_widened', 'column_required']),
  oldType: text.nullable(),
  newType: text.nullable(),
  firstValue: about('The value that caused it, shortened', text.nullable()),
});

const cost = z.object({
  spent: amount,
  currency: text,
  requests: about('Paid requests that were sent', count),
  unknown: about('Those of them of which nobody said what they cost: they are not in `spent`', count),
});

const loadPackage = z.object({
  loadId,
  state: z.enum(['loaded', 'pending', 'rejected', 'unchanged']),
  recovered: about('An earlier run left it behind', z.boolean()),
});

/** What one finished run was: a line of `runs.jsonl`. Public: members are only ever added. */
export const runSummarySchema = z.object({
  pipeline: about('Empty, as the next three, where the configuration could not be read', text),
  dataset: about('The schema within the destination', text),
  destination: about('Absolute path of the live file', text),
  destinationType: text,
  version: about('Of dezgo-elt', text),
  host: about('Name of the machine', text).optional(),
  loadId: about('Of the package that this run made; null where nothing was new, or nothing came', text.nullable()),
  startedAt: time,
  finishedAt: time,
  milliseconds,
  steps: about(
    'How long each step took, in milliseconds; one that was not begun took 0',
    z.object({
      extract: about('Requests, and records to rows', milliseconds),
      load: about('Into the destination, and published', milliseconds),
    }),
  ),
  exitCode: z.int().nonnegative(),
  outcome: z.enum(['succeeded', 'partial', 'failed', 'interrupted']),
  published: z.boolean(),
  failure: failure.nullable(),
  resources: z.array(resource),
  tables: about('Those that rows were written to', z.array(table)),
  schemaChanges: z.array(schemaChange),
  cost: about('Null where nothing was paid for', cost.nullable()),
  balance: about('What is left, as the last reply said it', amount.nullable()),
  packages: z.array(loadPackage),
  counts: about('Decisions about rows and values, by what they were about', z.record(text, count)),
  notes: z.array(text),
});

export type RunSummary = z.output<typeof runSummarySchema>;

/** A line of `runs.jsonl`, and the file of `run --summary`, as JSON Schema (draft 2020-12). */
export function runSummaryJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(runSummarySchema, { io: 'input', reused: 'ref' });
  return { title: 'What a run of dezgo-elt was', ...schema };
}
