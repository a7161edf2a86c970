import { z } from 'zod';
import type { WithSecrets } from '../secret-reference.ts';
import { authSchema } from './auth-schema.ts';
import { columnHints, keyColumns, nestedHint, schemaContract, writeDisposition } from './hints-schema.ts';
import { pathOrUrl } from './http-url.ts';
import { paginatorSchema } from './paginator-schema.ts';
import { headersSchema } from './secret-schema.ts';
import { timeLimit } from './units.ts';

/** No credentials, whatever the client has. */
const noAuth = z.union([z.literal('none'), z.null().transform(() => 'none' as const)]);

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Every source of values, in this order, duplicates dropped. */
const valueSource = z.union([
  z.strictObject({ list: z.array(z.union([z.string(), z.number()])) }),
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ query: z.string().min(1) }),
]);

/** One request a value: the parameter stands in the path as `{name}`. */
const valuesParam = z.strictObject({ type: z.literal('values'), from: z.array(valueSource) });

const param = z.union([scalar, z.array(z.union([z.string(), z.number()])), valuesParam]);

const status = z.number().int().min(100).max(599);

const responseAction = z
  .strictObject({
    status_code: z.union([status, z.array(status).min(1)]).optional(),
    content: z.string().optional(),
    action: z.literal('ignore'),
  })
  .refine(
    (action) => action.status_code !== undefined || action.content !== undefined,
    'expected `status_code`, `content` or both',
  );

const endpointFields = {
  path: pathOrUrl.optional(),
  method: z.enum(['GET', 'POST']).optional(),
  params: z.record(z.string(), param).optional(),
  json: z.unknown().optional(),
  data: z.union([z.string(), z.record(z.string(), scalar)]).optional(),
  headers: headersSchema.optional(),
  auth: z.union([noAuth, authSchema]).optional(),
  paginator: paginatorSchema.optional(),
  data_selector: z.string().optional(),
  response_actions: z.array(responseAction).optional(),
  allow_empty: z.boolean().optional(),
  timeout: timeLimit.optional(),
};

const endpointSchema = z.strictObject({
  ...endpointFields,
  fallbacks: z.array(z.strictObject(endpointFields)).optional(),
});

type Records = AsyncIterable<unknown> | Iterable<unknown>;

/** An async generator (or a function that makes or promises an iterable) instead of an endpoint; only from TypeScript. */
export type RecordSource = () => Records | Promise<Records>;

export const resourceSchema = z.strictObject({
  name: z.string().min(1),
  endpoint: z.union([pathOrUrl.transform((path): ParsedEndpoint => ({ path })), endpointSchema]).optional(),
  data: z
    .custom<RecordSource>(
      (value) => typeof value === 'function',
      'expected a function that returns an (async) iterable',
    )
    .optional(),
  table_name: z.string().min(1).optional(),
  description: z.string().optional(),
  selected: z.boolean().optional(),
  write_disposition: writeDisposition.optional(),
  primary_key: keyColumns.optional(),
  merge_key: keyColumns.optional(),
  columns: columnHints.optional(),
  nested_hints: z.record(z.string(), nestedHint).optional(),
  max_table_nesting: z.number().int().nonnegative().optional(),
  schema_contract: schemaContract.optional(),
  root_key: z.boolean().optional(),
  keep_rejected: z.boolean().optional(),
  parallelized: z.union([z.boolean(), z.number().int().min(1)]).optional(),
});

type ParsedEndpoint = z.output<typeof endpointSchema>;

/** A resource as written in the file, after `resource_defaults` were merged into it. */
export type ResourceConfig = WithSecrets<z.output<typeof resourceSchema>>;
export type EndpointConfig = WithSecrets<ParsedEndpoint>;
export type ParamConfig = z.output<typeof param>;
export type ValueSource = z.output<typeof valueSource>;
export type ResponseAction = z.output<typeof responseAction>;
