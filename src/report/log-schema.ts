import { z } from 'zod';

/** A member and what it is, for people who read the JSON Schema. */
const about = <T extends z.ZodType>(description: string, schema: T): T => schema.describe(description);

const text = z.string();
const count = z.int().nonnegative();
const milliseconds = z.int().nonnegative();
const loadId = about('Of a load package, as `_dlt_load_id` has it', text);
const resource = about('Name of the resource', text);
const exitCode = about('0 where all went well', z.int().nonnegative());
const step = about('Records become rows while they are extracted', z.enum(['extract', 'load']));
const failure = {
  code: about('Which failure, such as `SourceRefused`', text),
  hint: about('What to do next', text),
};

/** What every line begins with. */
const head = {
  time: about('ISO 8601, UTC', z.iso.datetime()),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: about('The event as one line for people', text),
};

function line<E extends string, F extends z.ZodRawShape>(event: E, what: string, facts: F) {
  return z.object({ ...head, event: z.literal(event), ...facts }).describe(what);
}

/** A line of `--log-format json` and `--log-file`. Public: kinds of events, and their members, are only ever added. */
export const logLineSchema = z.discriminatedUnion('event', [
  line('run.started', 'A run begins', {
    pipeline: text,
    dataset: about('The schema within the destination', text),
    destination: about('Absolute path of the live file', text),
    destinationType: text,
    resources: z.array(text),
  }),
  line('step.started', 'A step of a run begins', { step }),
  line('step.finished', 'A step is over', { step, milliseconds }),
  line('resource.started', 'It is the turn of a resource', { resource }),
  line('resource.finished', 'A resource is over', {
    resource,
    status: z.enum(['not_executed', 'extracted', 'unchanged', 'skipped', 'ignored', 'failed']),
    records: count,
    requests: count,
    milliseconds,
    error: z.object({ ...failure, message: text }).optional(),
  }),
  line('request', 'An HTTP exchange is over; sent again, it is still one', {
    resource,
    method: text,
    url: about('Without secrets', text),
    status: about('Null where no reply came', z.int().nullable()),
    attempts: count,
    milliseconds: about('From when it first went out, waits before retries included', milliseconds),
    bytes: count,
  }),
  line('waiting', 'Nothing comes for a while', {
    resource,
    kind: z.enum(['retry', 'pause', 'slow', 'poll']),
    milliseconds: about('How long in all, where it is known; of `slow`, so far', milliseconds).optional(),
  }),
  line('package.finished', 'What became of a load package; `loaded`: every reader sees its rows', {
    loadId,
    state: z.enum(['loaded', 'pending', 'rejected', 'unchanged']),
    recovered: about('An earlier run left it behind', z.boolean()),
    tables: z.array(z.object({ name: text, rows: count })),
    schemaChanges: count,
  }),
  line('progress', 'For whoever watches', {}),
  line('notice', 'An answer, or what is about to happen', {}),
  line('note', 'What the report says as well', {}),
  line('warning', 'What a person should act on', {}),
  line('run.finished', 'A run is over, also one that could not begin', {
    pipeline: text,
    exitCode,
    published: z.boolean(),
    milliseconds,
    failure: z.object({ ...failure, message: text, loadId: loadId.nullable() }).nullable(),
  }),
  line('failure', 'The command did not do what was asked: its last line', {
    ...failure,
    loadId: loadId.nullable(),
    exitCode,
  }),
]);

export function logJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(logLineSchema, { io: 'input', reused: 'ref' });
  return { title: 'A line of the log of dezgo-elt', ...schema };
}
