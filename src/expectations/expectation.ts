import type { ExpectationConfig, PipelineExpectationConfig } from '../config/grammar/expectations-schema.ts';
import type { PipelineConfig, ResolvedResource } from '../config/pipeline-config.ts';
import type { DeleteLimit } from '../schema/resource-hints.ts';
import { configured } from '../text/duration.ts';

/** What has to hold; ages are milliseconds. */
export type Check =
  | { readonly kind: 'min_rows'; readonly rows: number }
  | { readonly kind: 'max_drop'; readonly most: DeleteLimit }
  /** Without a column: by when its newest row was loaded. */
  | { readonly kind: 'max_age'; readonly column: string | undefined; readonly age: number }
  | { readonly kind: 'not_null'; readonly columns: readonly string[] }
  | { readonly kind: 'unique'; readonly columns: readonly string[] }
  | {
      readonly kind: 'accepted_values';
      readonly column: string;
      readonly values: readonly (string | number | boolean)[];
    }
  | { readonly kind: 'matches'; readonly column: string; readonly pattern: string }
  | { readonly kind: 'sql'; readonly sql: string };

/** One thing that has to hold before a load is published. */
export interface Expectation {
  /** Whose tables it is about: asked when that one is loaded. Undefined: asked of every load. */
  readonly resource: ResolvedResource | undefined;
  /** Of the resource, or nested in it. */
  readonly table: string | undefined;
  readonly check: Check;
  readonly severity: 'fail' | 'warn';
  /** Given by the configuration, or `not_null: id`. */
  readonly name: string;
}

/** All that the configuration expects, in its order. */
export function expectationsOf({ pipeline, source }: Pick<PipelineConfig, 'pipeline' | 'source'>): Expectation[] {
  return [
    ...source.resources.flatMap((resource) =>
      (resource.expectations ?? []).flatMap((one) => ofResource(one, resource)),
    ),
    ...(pipeline.expectations ?? []).map(ofPipeline),
  ];
}

// --- internal ---

function ofResource(written: ExpectationConfig, resource: ResolvedResource): Expectation[] {
  const { table = resource.table_name, severity, name } = written;
  const checks = checksIn(written);
  return checks.map((check) => ({ resource, table, check, severity, name: nameOf(check, name, checks.length > 1) }));
}

function ofPipeline({ sql, severity, name }: PipelineExpectationConfig): Expectation {
  const check: Check = { kind: 'sql', sql };
  return { resource: undefined, table: undefined, check, severity, name: nameOf(check, name, false) };
}

function checksIn(written: ExpectationConfig): Check[] {
  const { min_rows, max_drop, max_age, not_null, unique, accepted_values = {}, matches = {}, sql } = written;
  const ages = typeof max_age === 'number' ? [[undefined, max_age] as const] : Object.entries(max_age ?? {});
  return [
    ...given(min_rows, (rows) => ({ kind: 'min_rows', rows })),
    ...given(max_drop, (most) => ({ kind: 'max_drop', most })),
    ...ages.map(([column, age]): Check => ({ kind: 'max_age', column, age })),
    ...given(not_null, (columns) => ({ kind: 'not_null', columns })),
    ...given(unique, (columns) => ({ kind: 'unique', columns })),
    ...Object.entries(accepted_values).map(([column, values]): Check => ({ kind: 'accepted_values', column, values })),
    ...Object.entries(matches).map(([column, pattern]): Check => ({ kind: 'matches', column, pattern })),
    ...given(sql, (text) => ({ kind: 'sql', sql: text })),
  ];
}

function given<Value>(value: Value | undefined, check: (value: Value) => Check): Check[] {
  return value === undefined ? [] : [check(value)];
}

/** A name for several checks at once would not say which of them it was. */
function nameOf(check: Check, name: string | undefined, isShared: boolean): string {
  if (name === undefined) return written(check);
  return isShared ? `${name} (${written(check)})` : name;
}

function written(check: Check): string {
  switch (check.kind) {
    case 'min_rows':
      return `min_rows: ${check.rows}`;
    case 'max_drop':
      return `max_drop: ${limitText(check.most)}`;
    case 'max_age':
      return `max_age: ${check.column === undefined ? '' : `${check.column} `}${configured(check.age)}`;
    case 'not_null':
    case 'unique':
      return `${check.kind}: ${check.columns.join(', ')}`;
    case 'accepted_values':
    case 'matches':
      return `${check.kind}: ${check.column}`;
    case 'sql':
      return `sql: ${check.sql.trim()}`;
  }
}

export function limitText(most: DeleteLimit): string {
  return 'rows' in most ? String(most.rows) : `${Number((most.share * 100).toFixed(4))}%`;
}
