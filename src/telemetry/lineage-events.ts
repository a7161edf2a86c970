import type { PipelineConfig } from '../config/pipeline-config.ts';
import { exitCodes } from '../errors.ts';
import { shownUrl } from '../extract/http/shown-url.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { duckdbType } from '../schema/duckdb-type.ts';
import type { ColumnSchema, StoredSchema } from '../schema/table-schema.ts';
import { version } from '../version.ts';

type Facets = Readonly<Record<string, object>>;

interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Facets;
  readonly outputFacets?: Facets;
}

/** A RunEvent of OpenLineage 2-0-2: https://openlineage.io/spec/2-0-2/OpenLineage.json */
export interface RunEvent {
  readonly eventType: 'START' | 'COMPLETE' | 'ABORT' | 'FAIL';
  /** ISO 8601. */
  readonly eventTime: string;
  readonly run: { readonly runId: string; readonly facets: Facets };
  readonly job: { readonly namespace: string; readonly name: string; readonly facets: Facets };
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
  readonly producer: string;
  readonly schemaURL: string;
}

export interface LineageRun {
  readonly config: PipelineConfig;
  readonly namespace: string;
  /** A UUID. */
  readonly runId: string;
}

/** `resources`: names of those that are to be loaded. */
export function startEvent(run: LineageRun, resources: readonly string[], eventTime: string): RunEvent {
  return { ...common(run, {}), eventType: 'START', eventTime, inputs: inputsOf(run, resources), outputs: [] };
}

/** `schema`: of what was published, where it is known. */
export function endEvent(run: LineageRun, summary: RunSummary, schema: StoredSchema | undefined): RunEvent {
  const { finishedAt, failure, resources } = summary;
  const error = failure && {
    errorMessage: facet('1-0-1/ErrorMessageRunFacet', {
      message: `${failure.message} ${failure.hint}`,
      programmingLanguage: 'TypeScript',
    }),
  };
  return {
    ...common(run, error ?? {}),
    eventType: endType(summary),
    eventTime: finishedAt,
    inputs: inputsOf(
      run,
      resources.map(({ name }) => name),
    ),
    outputs: outputNames(summary, schema).map((name) => output(name, summary, schema)),
  };
}

// --- internal ---

const producer = `urn:dezgo-elt:${version}`;

/** `1-0-1/ErrorMessageRunFacet` → a facet as that version of its schema has it. */
function facet(schema: string, members: object): object {
  const [, name = ''] = schema.split('/');
  return {
    _producer: producer,
    _schemaURL: `https://openlineage.io/spec/facets/${schema}.json#/$defs/${name}`,
    ...members,
  };
}

function common({ config, namespace, runId }: LineageRun, runFacets: Facets) {
  const engine = { version, name: 'dezgo-elt', openlineageAdapterVersion: version };
  const kind = { processingType: 'BATCH', integration: 'DEZGO_ELT', jobType: 'PIPELINE' };
  return {
    run: { runId, facets: { processing_engine: facet('1-1-1/ProcessingEngineRunFacet', engine), ...runFacets } },
    job: {
      namespace,
      name: config.pipeline.name,
      facets: { jobType: facet('2-0-4/JobTypeJobFacet', kind) },
    },
    producer,
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
  };
}

function endType({ outcome, exitCode }: RunSummary): RunEvent['eventType'] {
  if (exitCode === exitCodes.ok) return 'COMPLETE';
  return outcome === 'interrupted' ? 'ABORT' : 'FAIL';
}

/** The endpoints that are asked, each once. */
function inputsOf({ config: { source } }: LineageRun, names: readonly string[]): Dataset[] {
  const asked = source.resources.filter(({ name, endpoint }) => names.includes(name) && endpoint !== undefined);
  const urls = new Set(asked.map(({ endpoint }) => shownUrl(source.client, endpoint?.path ?? '')));
  return [...urls].map((url) => {
    const [, namespace = source.name, path = url] = /^(https?:\/\/[^/?#]+)(.*)$/s.exec(url) ?? [];
    return { namespace, name: path === '' ? '/' : path };
  });
}

/**
 * The tables that rows were written to, and after a run that went well those of all its resources: who keeps lineage takes the
 * last run for the whole of it, and a night in which nothing was new wrote to none.
 */
function outputNames({ exitCode, resources, tables }: RunSummary, schema: StoredSchema | undefined): string[] {
  const written = tables.map(({ name }) => name);
  if (exitCode !== exitCodes.ok || schema === undefined) return written;
  const loaded = new Set(resources.map(({ name }) => name));
  const own = Object.keys(schema.tables).filter((name) => {
    const resource = resourceOf(name, schema);
    return resource !== undefined && loaded.has(resource);
  });
  return [...new Set([...written, ...own])];
}

/** Of a nested table, that of the table it is nested in. */
function resourceOf(name: string, { tables }: StoredSchema): string | undefined {
  let table = tables[name];
  for (let depth = 0; table?.parent !== undefined && depth < DEEPEST; depth += 1) table = tables[table.parent];
  return table?.resource;
}

const DEEPEST = 100;

/** Named as the dbt integration of OpenLineage names a table of a DuckDB file, so that both are one dataset. */
function output(name: string, summary: RunSummary, schema: StoredSchema | undefined): Dataset {
  const { destination, destinationType, dataset, tables } = summary;
  const written = tables.find((one) => one.name === name);
  const namespace = namespaceOf(destination, destinationType);
  const table = schema?.tables[name];
  const description = table?.description;
  return {
    namespace,
    name: `${databaseOf(destination)}.${dataset}.${name}`,
    facets: {
      dataSource: facet('1-0-1/DatasourceDatasetFacet', { name: namespace, uri: encodeURI(namespace) }),
      ...(table !== undefined && {
        schema: facet('1-2-0/SchemaDatasetFacet', { fields: Object.values(table.columns).flatMap(fieldOf) }),
      }),
      ...(description !== undefined && {
        documentation: facet('1-1-0/DocumentationDatasetFacet', { description }),
      }),
    },
    outputFacets: {
      outputStatistics: facet('1-0-2/OutputStatisticsOutputDatasetFacet', {
        rowCount: (written?.rowsInserted ?? 0) + (written?.rowsUpdated ?? 0),
      }),
    },
  };
}

/** Of a server without the database, which is part of the names in it. */
function namespaceOf(destination: string, type: string): string {
  if (!destination.includes('://')) return `${type}://${destination}`;
  return /^(?:postgres|redshift):\/\/[^/]+/.exec(destination)?.[0] ?? destination;
}

/** As DuckDB calls an attached file; of a server the database. */
function databaseOf(destination: string): string {
  const file = destination.split(/[\\/]/).at(-1) ?? destination;
  return file.split('.', 1)[0] ?? file;
}

/** None of a column that was only hinted so far. */
function fieldOf(column: ColumnSchema): object[] {
  if (column.data_type === undefined) return [];
  const { name, description } = column;
  return [{ name, type: duckdbType(column), ...(description !== undefined && { description }) }];
}
