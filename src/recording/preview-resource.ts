import { missingSecrets } from '../config/missing-secrets.ts';
import type { PipelineConfig } from '../config/pipeline-config.ts';
import type { DatasetReader } from '../destinations/destination.ts';
import { destinationOf } from '../destinations/destination-kinds.ts';
import { type JsonRow, jsonRows } from '../duckdb/json-rows.ts';
import { qualifiedName, quotedIdentifier } from '../duckdb/quote.ts';
import type { Effects } from '../effects.ts';
import { PipelineError } from '../errors.ts';
import { FileStore } from '../files/file-store.ts';
import type { RequestTrace } from '../findings.ts';
import type { Json } from '../json/json-value.ts';
import { runPipeline } from '../pipeline.ts';
import type { Preview, PreviewTable } from '../report/preview-text.ts';
import { type Sample, Sampler } from '../run/sampler.ts';
import { type RunResource, selectResources } from '../run/select-resources.ts';
import { configuredStrategy } from '../schema/strategies.ts';
import { type FoundTable, readingTables } from './dataset-tables.ts';
import { inThrowaway } from './throwaway.ts';

export interface PreviewParts {
  /** Of the records of the resource, and of the rows of each table. */
  readonly most: number;
  readonly effects: Effects;
  readonly signal: AbortSignal;
}

/**
 * Asks for the first records of a resource, and loads them into a file that is thrown away: the rows and tables that a first run would
 * make. The user's destination is only read, by `query` in `params`; nothing else of theirs is touched.
 *
 * @throws PipelineError PaymentNotAllowed, UsageInvalid: it is not asked for what costs money or may change something; what a run throws
 */
export async function previewResource(config: PipelineConfig, name: string, parts: PreviewParts): Promise<Preview> {
  const resources = selectResources(config, { names: [name], command: 'preview' });
  const [missing] = await missingSecrets(config, [name]);
  if (missing !== undefined) throw missing;
  return inThrowaway(config, async (throwaway) => {
    const sample = await sampled(config, resources, throwaway, parts);
    const records = sample.records.slice(0, parts.most);
    const isWhole = sample.outcome !== undefined && records.length === sample.records.length;
    const about = { resource: name, requests: sample.requests.map(shownRequest), records: records.length, isWhole };
    const notes = [...(sample.notAsked === undefined ? [] : [sample.notAsked]), ...(sample.outcome?.notes ?? [])];
    const resource = resources.find((one) => one.name === name);
    if (resource === undefined || records.length === 0) return { ...about, tables: [], ddl: [], notes };
    const tables = await tablesOf(withRecords(throwaway, resource, records), parts);
    const ddl = tables.map((table) => createStatement(config.pipeline.dataset_name, table));
    return { ...about, tables, ddl, notes };
  });
}

// --- internal ---

/** Pages that are asked for, whatever is in them. */
const MOST_PAGES = 10;

/** Of the resource, which is the last one: its parents come first. */
async function sampled(
  config: PipelineConfig,
  resources: readonly RunResource[],
  throwaway: PipelineConfig,
  { most, effects, signal }: PreviewParts,
): Promise<Sample> {
  const files = new FileStore(destinationOf(throwaway).files, throwaway.pipeline.working_dir);
  const limits = { records: most, pages: MOST_PAGES };
  const sampler = await Sampler.open(config, resources, { effects, signal, limits, goesOn: false, files });
  try {
    let last: Sample | undefined;
    for (const resource of resources) {
      last = await sampler.sample(resource);
      if (last.failure !== undefined) throw last.failure;
      if (last.isNeverAsked) throw neverAsked(resource, last.notAsked ?? '');
    }
    if (last === undefined) throw new Error('there is nothing to ask for');
    return last;
  } finally {
    await sampler.close();
  }
}

function neverAsked({ name }: RunResource, why: string): PipelineError {
  return new PipelineError({
    code: 'UsageInvalid',
    message: `A preview does not ask for \`${name}\`: ${why}.`,
    hint: `What a run would ask for, and what that would cost: dezgo-elt plan ${name}`,
    facts: { resource: name },
  });
}

/**
 * The steps, and what comes from parents, are in the records already; contracts are for tables that are there, expectations for all
 * of their rows.
 */
function withRecords(config: PipelineConfig, resource: RunResource, records: readonly Json[]): PipelineConfig {
  const { endpoint, processing_steps, include_from_parent, schema_contract, expectations, ...kept } = resource;
  const { schema_contract: ofSource, ...source } = config.source;
  const isLoaded = configuredStrategy(resource.write_disposition) !== undefined;
  const write_disposition = isLoaded ? resource.write_disposition : ({ disposition: 'append' } as const);
  const given = { ...kept, write_disposition, selected: true, data: () => records };
  // Views may read what is not there.
  const pipeline = { ...config.pipeline, views: undefined };
  return { ...config, pipeline, source: { ...source, resources: [given] } };
}

async function tablesOf(config: PipelineConfig, { most, effects, signal }: PreviewParts): Promise<PreviewTable[]> {
  const log = { ...effects.log, progress() {} };
  const { failure } = await runPipeline(config, { effects: { ...effects, log }, signal });
  if (failure !== undefined) throw new PipelineError(failure);
  const read = async (reader: DatasetReader, tables: readonly FoundTable[]) => {
    const found: PreviewTable[] = [];
    for (const table of tables) found.push(await previewed(reader, table, most));
    return found;
  };
  return (await readingTables(config, effects, read)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function previewed(reader: DatasetReader, { schema, table }: FoundTable, most: number): Promise<PreviewTable> {
  return {
    name: table.name,
    parent: schema.parent ?? null,
    columns: [...table.columns.values()].map(({ name, type, nullable }) => ({ name, type, nullable })),
    rowCount: await rowCount(reader, table.name),
    rows: await firstRows(reader, table.name, most),
  };
}

async function rowCount(reader: DatasetReader, table: string): Promise<number> {
  const [row] = await jsonRows(await reader.query(`select count(*) as rows from ${quotedIdentifier(table)}`));
  return Number(row?.rows ?? 0);
}

async function firstRows(reader: DatasetReader, table: string, most: number): Promise<JsonRow[]> {
  return jsonRows(await reader.query(`from ${quotedIdentifier(table)} order by rowid limit ${most}`));
}

function createStatement(dataset: string, { name, columns }: PreviewTable): string {
  const lines = columns.map(
    (column) => `  ${quotedIdentifier(column.name)} ${column.type}${column.nullable ? '' : ' not null'}`,
  );
  return `create table ${qualifiedName(dataset, name)} (\n${lines.join(',\n')}\n);`;
}

function shownRequest({ method, url, status }: RequestTrace): string {
  return `${method} ${url} → ${status ?? 'no answer'}`;
}
