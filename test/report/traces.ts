import type { PackageTrace, TableTrace, Trace } from '../../src/trace.ts';

export const table = (name: string, rows: number, more: Partial<TableTrace> = {}): TableTrace => ({
  name,
  rows,
  newColumns: [],
  nullOnly: [],
  changed: { inserted: rows, updated: 0, deleted: 0, retired: 0 },
  ...more,
});

export const loadPackage = (more: Partial<PackageTrace> = {}): PackageTrace => ({
  loadId: '1749667187.541553',
  state: 'loaded',
  tables: [],
  schemaChanges: [],
  complete: true,
  recovered: false,
  ...more,
});

/** Of a resource whose requests need no word. */
export const asked = { records: 0, requests: 0, milliseconds: 0, retries: [], slowestRequest: null } as const;

/** A run in which all went well and nothing deserves a note. */
export const trace = (more: Partial<Trace> = {}): Trace => ({
  pipeline: 'dezgo_api_pipeline',
  dataset: 'dezgo_api_data',
  destination: '/data/dezgo_api_pipeline.duckdb',
  destinationType: 'duckdb',
  startedAt: 1_749_667_187_000,
  finishedAt: 1_749_667_196_200,
  loadId: '1749667187.541553',
  extractMilliseconds: 8_700,
  loadMilliseconds: 260,
  resources: [],
  packages: [loadPackage()],
  counts: {},
  notes: [],
  published: true,
  balance: null,
  exitCode: 0,
  ...more,
});

/** A run that failed before anything was published. */
export const failedTrace = (more: Partial<Trace> = {}): Trace =>
  trace({
    packages: [],
    published: false,
    exitCode: 4,
    failure: {
      code: 'SourceRefused',
      message: 'GET /models answered 401.',
      hint: 'Check the key.',
      loadId: '1.000001',
    },
    ...more,
  });
