import type { ConfigFileInput } from '../../src/index.ts';
import { jsonText } from '../../src/json/json-text.ts';
import type { Json } from '../../src/json/json-value.ts';
import type { DataType } from '../../src/schema/table-schema.ts';

type Resource = Exclude<ConfigFileInput['source']['resources'][number], string>;

/** What a case of `normalize.json` says of its resource, in dlt's words, which are ours. */
type Hints = Pick<Resource, 'columns' | 'primary_key' | 'merge_key' | 'write_disposition'>;

/** The rows of several runs, and the tables that dlt made of them; `npm run oracle` prints such cases. */
export interface OracleCase {
  readonly name: string;
  /** `table_name` of the one resource. */
  readonly table: string;
  readonly hints: Hints;
  readonly max_table_nesting: number | null;
  readonly runs: readonly (readonly unknown[])[];
  readonly tables: Readonly<Record<string, OracleTable>>;
  readonly error: { readonly message: string } | null;
}

export interface OracleTable {
  readonly columns: readonly OracleColumn[];
  /** Values in the order of the columns. Load ids read `<load1>`; what JSON lacks reads `{iso}`, `{decimal}`, `{b64}`. */
  readonly rows: readonly (readonly unknown[])[];
}

interface OracleColumn {
  readonly name: string;
  readonly duckdb: string;
  readonly nullable: boolean;
  /** The column in dlt's schema document, without `name` and `nullable`. */
  readonly dlt: Readonly<Record<string, unknown>>;
}

/** `types.json` */
export interface Types {
  readonly coercion: readonly Coercion[];
  readonly inference: readonly Inference[];
}

export interface Coercion {
  readonly to: DataType;
  readonly from: DataType;
  readonly in: unknown;
  readonly ok: boolean;
  readonly out?: unknown;
}

export interface Inference {
  readonly in: unknown;
  /** The type of the value itself, before text is looked into. */
  readonly base: DataType;
  readonly inferred: DataType;
}

/** `row_ids.json` */
export interface RowIds {
  readonly child_ids: readonly { parent_id: string; table: string; idx: number; _dlt_id: string }[];
  readonly row_hashes: readonly RowHash[];
}

export interface RowHash {
  readonly row: Readonly<Record<string, unknown>>;
  readonly row_hash?: string;
  readonly pk_hash_id?: string | null;
}

/** `rest_detect.json` */
export interface RestDetect {
  readonly selector_autodetect: readonly SelectorFound[];
  readonly paginator_autodetect: readonly PaginatorFound[];
  readonly single_entity_path: readonly SingleEntity[];
  readonly jsonpath: { readonly doc: Json; readonly cases: readonly PathFound[] };
}

export const noRestDetect: RestDetect = {
  selector_autodetect: [],
  paginator_autodetect: [],
  single_entity_path: [],
  jsonpath: { doc: null, cases: [] },
};

interface SelectorFound {
  readonly doc: Json;
  readonly path: string;
}

export interface PaginatorFound {
  readonly doc: Json;
  readonly link_header: string | null;
  readonly paginator: string;
  readonly detail: { readonly next_url_path?: string };
}

type SingleEntity = readonly [path: string, isOne: boolean];

interface PathFound {
  readonly expr: string;
  readonly values: readonly Json[];
}

/** What the list of differences calls a case. */
export const caseName = {
  normalize: ({ name }: OracleCase) => `normalize ${name}`,
  coercion: ({ to, from, in: value }: Coercion) => `${to} ← ${from} ${jsonText(value)}`,
  inference: ({ base, in: value }: Inference) => `type of ${base} ${jsonText(value)}`,
  rowHash: ({ row }: RowHash) => `hash of ${jsonText(row)}`,
  selector: ({ doc }: SelectorFound) => `records of ${jsonText(doc)}`,
  paginator: ({ doc }: PaginatorFound) => `next page of ${jsonText(doc)}`,
  singleEntity: ([path]: SingleEntity) => `single entity ${path}`,
  jsonPath: ({ expr }: PathFound) => `path ${expr}`,
} as const;
