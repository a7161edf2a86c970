import { z } from 'zod';
import type { WithSecrets } from '../secret-reference.ts';
import { about } from './about.ts';
import { authSchema, noAuth } from './auth-schema.ts';
import { expectations } from './expectations-schema.ts';
import { formFile } from './file-schema.ts';
import { csvOptions, format, store } from './format-schema.ts';
import { hintsOfSource, hintsOfTable, nestedHint, writeDisposition } from './hints-schema.ts';
import { pathOrUrl } from './http-url.ts';
import { incrementalParam, incrementalSchema } from './incremental-schema.ts';
import { amount, cost } from './money-schema.ts';
import { paginatorSchema } from './paginator-schema.ts';
import { pollSchema } from './poll-schema.ts';
import { captureHeaders, includeHeaders } from './reply-headers-schema.ts';
import { responseAction } from './response-action-schema.ts';
import { headersSchema, jsonWithSecrets, secretReference } from './secret-schema.ts';
import { processingStep } from './steps-schema.ts';
import { rateLimit, timeLimit } from './units.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Every source of values, in this order, duplicates dropped. */
const valueSource = z.union([
  z.strictObject({
    list: about(
      'Values as they stand here, or mappings of several: `{name.key}`',
      z.array(z.union([z.string(), z.number(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))])),
    ),
  }),
  z.strictObject({
    env: about('A variable of the environment that holds values, with commas between', z.string().min(1)),
  }),
  z.strictObject({
    query: about(
      'A `select` on the live file: its first column, or those that `{name.column}` names',
      z.string().min(1),
    ),
  }),
]);

/** One request a value, which stands wherever `{name}` is written. */
const valuesParam = z.strictObject({
  type: about('One request for each value', z.literal('values')),
  from: about('Where the values come from, in this order, duplicates dropped', z.array(valueSource)),
});

/** dlt's older form of `{resources.<name>.<field>}`. */
const resolveParam = z.strictObject({
  type: about(
    'One request for each record of another resource, of which a field stands as `{name}`',
    z.literal('resolve'),
  ),
  resource: about('Name of the other resource', z.string().min(1)),
  field: about('JSONPath to the field in its records', z.string().min(1)),
});

const param = z.union([
  scalar,
  z.array(z.union([z.string(), z.number(), secretReference])),
  valuesParam,
  resolveParam,
  incrementalParam,
  secretReference,
]);

/** A path alone, or with the key that it gets in the records of the child. */
const includedField = z.union([
  z.string().min(1),
  z.strictObject({
    from: about("JSONPath in the parent's record", z.string().min(1)),
    as: about('Key in the records of this resource. Default `_<parent>_<path>`', z.string().min(1).optional()),
  }),
]);

const endpointFields = {
  path: about('What follows `base_url`, or a URL. Default: the name of the resource', pathOrUrl.optional()),
  method: about('Default `GET`', z.enum(['GET', 'POST']).optional()),
  params: about(
    'Query parameters, and values of placeholders in `path`; `{ secret: KEY }` is one, too',
    z.record(z.string(), param).optional(),
  ),
  json: about(
    'JSON body of a POST; any value in it can be `{ secret: KEY }`, or `{ file: PATH }`, which becomes base64',
    jsonWithSecrets.optional(),
  ),
  data: about(
    'Body of a POST as text, or the fields of a form; one with files, `{ file: PATH }`, is `multipart/form-data`',
    z.union([z.string(), z.record(z.string(), z.union([scalar, secretReference, formFile]))]).optional(),
  ),
  headers: about('Headers of its requests; those of the client are kept', headersSchema.optional()),
  auth: about('Credentials instead of those of the client, or `none`', z.union([noAuth, authSchema]).optional()),
  paginator: about('How its list is read page by page', paginatorSchema.optional()),
  data_selector: about('JSONPath (RFC 9535) to the records; `$` is the whole reply', z.string().optional()),
  format: about(
    'How a reply becomes records: `json`, `jsonl` (a JSON in each line), `csv`, `text` (one record); gzip and zip are unpacked; `binary` (one record that tells where its file is). Default: as the reply shows it, images included',
    format.optional(),
  ),
  store: about(
    'Where the bytes of images and other binary replies go: `files`, named by their hash, or the `column` `content`. Default `files`',
    store.optional(),
  ),
  csv: about('How a CSV is written', csvOptions.optional()),
  response_actions: about(
    'What is done about certain replies; the first match decides',
    z.array(responseAction).optional(),
  ),
  capture_headers: about('Headers of its replies that become columns, instead of those of the client', captureHeaders),
  include_headers: about(
    'Headers that become fields of the records of their reply: `{ x-request-cost: cost }`',
    includeHeaders,
  ),
  allow_empty: about('Whether a reply without records is no error. Default `false`', z.boolean().optional()),
  poll: about(
    'Asks the same request again within the run, until what it tells of is over; all requests of the resource side by side',
    pollSchema.optional(),
  ),
  idempotent: about(
    'Whether the same request may be sent again, ahead of its turn and beside others: a search, GraphQL. Default: `GET` yes, `POST` no',
    z.boolean().optional(),
  ),
  paid: about(
    'Whether its replies cost money: loaded only by name, never sent again, and only with `--allow-paid` where nobody watches',
    z.boolean().optional(),
  ),
  cost: about(
    'What each of its requests is expected to cost, in `client.currency`: an amount, or a SQL expression over the values of `params`, `json`, `data` and placeholders: `width * height * 0.00000001`',
    cost.optional(),
  ),
  max_cost: about(
    'The most that its requests may cost in one run; it stops before the one that would be too much',
    amount.optional(),
  ),
  rate_limit: about(
    'The most of its requests in a time: `10/1s`; that of the client holds as well',
    rateLimit.optional(),
  ),
  timeout: about('How long a request may take, instead of that of the client', timeLimit.optional()),
};

const fallbacks = z.array(z.strictObject(endpointFields));

const endpointSchema = z.strictObject({
  ...endpointFields,
  incremental: about('How new records are told from those that were loaded', incrementalSchema.optional()),
  fallbacks: about(
    'Asked in this order when the one before answers 404; each inherits what it does not set',
    fallbacks.optional(),
  ),
});

type Records = AsyncIterable<unknown> | Iterable<unknown>;

/** An async generator (or a function that makes or promises an iterable) instead of an endpoint; only from TypeScript. */
export type RecordSource = () => Records | Promise<Records>;

const recordSource = z.custom<RecordSource>(
  (value) => typeof value === 'function',
  'expected a function that returns an (async) iterable',
);

export const resourceSchema = z.strictObject({
  name: about('Name of the resource', z.string().min(1)),
  endpoint: about(
    'What is requested: a path, or a mapping. Default: a path like the name',
    z.union([pathOrUrl.transform((path): ParsedEndpoint => ({ path })), endpointSchema]).optional(),
  ),
  include_from_parent: about(
    "Fields of the parent's record that each record gets: `id` of `posts` becomes `_posts_id`",
    z.array(includedField).optional(),
  ),
  data: about('Only in a program: a function that gives the records', recordSource.optional()),
  table_name: about('Name of the table. Default: the name of the resource', z.string().min(1).optional()),
  timeout: about(
    'How long its extraction may take in all, waits and retries included; `endpoint.timeout` is of one request',
    timeLimit.optional(),
  ),
  selected: about(
    'Whether a run without names loads it. Default `true`, `false` for what is `paid`',
    z.boolean().optional(),
  ),
  write_disposition: about(
    'What becomes of the rows that are there: `append`, `replace`, `merge` or `skip`. Default `append`',
    writeDisposition.optional(),
  ),
  nested_hints: about('Hints of nested tables, by the name of their list', z.record(z.string(), nestedHint).optional()),
  ...hintsOfTable,
  ...hintsOfSource,
  processing_steps: about(
    'What is done with its records, in this order, before anything else sees them',
    z.array(processingStep).optional(),
  ),
  skip_unchanged: about(
    'Whether what the source answers as it did when it was last loaded is not loaded again; asked with `If-None-Match` and `If-Modified-Since` where it gave what they need. Default: not with `append`',
    z.boolean().optional(),
  ),
  expectations: about(
    'What has to be true of its tables before a load is published: one as a mapping, or several in a list',
    expectations.optional(),
  ),
  keep_rejected: about('Whether what the schema contract discards is kept in `_elt_rejected`', z.boolean().optional()),
  parallelized: about(
    'Whether its requests may be sent at once, or how many. Default: as many as `client.concurrency`',
    z.union([z.boolean(), z.number().int().min(1)]).optional(),
  ),
});

type ParsedEndpoint = z.output<typeof endpointSchema>;

/** A resource as written in the file, after `resource_defaults` were merged into it. */
export type ResourceConfig = WithSecrets<z.output<typeof resourceSchema>>;
export type EndpointConfig = WithSecrets<ParsedEndpoint>;
export type ValuesParam = z.output<typeof valuesParam>;
export type ResolveParam = z.output<typeof resolveParam>;
export type IncludedField = z.output<typeof includedField>;
export type ValueSource = z.output<typeof valueSource>;
