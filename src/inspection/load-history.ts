import type { PipelineConfig } from '../config/pipeline-config.ts';
import { runsFromEnd } from '../ledger/runs-file.ts';
import type { RunSummary } from '../report/run-summary-schema.ts';
import { medianOf } from './median.ts';

/** What one load brought, by table. Times are ISO 8601, UTC. */
export interface LoadRow {
  readonly loadId: string;
  readonly finishedAt: string;
  /** Sum of its tables, inserted and updated. */
  readonly rows: number;
  readonly tables: readonly LoadedTable[];
}

export interface LoadedTable {
  readonly name: string;
  readonly rowsInserted: number;
  readonly rowsUpdated: number;
  readonly rowsDeleted: number;
  readonly rowsRetired: number;
  /** Median of what the loads before it brought to this table, at most ten; null where there were fewer than three. */
  readonly usualRows: number | null;
  /** It brought less than half of that, and that is at least ten rows. */
  readonly isDrop: boolean;
}

/** The last loads of the pipeline that runs have told of, the newest first; those of which runs were forgotten are not among them. */
export async function loads(config: PipelineConfig, limit: number): Promise<readonly LoadRow[]> {
  const { name, working_dir } = config.pipeline;
  const found: RunSummary[] = [];
  for await (const run of runsFromEnd(working_dir)) {
    if (found.length === limit + COMPARED) break;
    if (run.pipeline === name && isLoad(run)) found.push(run);
  }
  return found.slice(0, limit).map((run, index) => loadRow(run, found.slice(index + 1, index + 1 + COMPARED), config));
}

// --- internal ---

/** Loads that tell what is usual. */
const COMPARED = 10;
const FEW = 3;
/** Rows: below that, half of it is chance. */
const TELLING = 10;

type Counted = RunSummary['tables'][number];

function isLoad({ loadId, packages }: RunSummary): boolean {
  return packages.some((one) => one.loadId === loadId && one.state === 'loaded');
}

function loadRow(run: RunSummary, before: readonly RunSummary[], config: PipelineConfig): LoadRow {
  const tables = [...run.tables, ...emptyTables(run, config)].map((table): LoadedTable => {
    const earlier = before.flatMap((one) => rowsFor(one, table.name, config) ?? []);
    const usualRows = earlier.length < FEW ? null : medianOf(earlier);
    const isDrop = usualRows !== null && usualRows >= TELLING && brought(table) < usualRows / 2;
    return { ...table, usualRows, isDrop };
  });
  const rows = tables.reduce((sum, table) => sum + brought(table), 0);
  return { loadId: run.loadId ?? '', finishedAt: run.finishedAt, rows, tables };
}

/** Tables of resources that were asked, and brought nothing: a run tells only those that were written to. */
function emptyTables({ resources, tables }: RunSummary, { source }: PipelineConfig): Counted[] {
  const asked = resources.filter(({ status }) => status === 'extracted').map(({ name }) => name);
  const names = source.resources.filter(({ name }) => asked.includes(name)).map(({ table_name }) => table_name);
  return [...new Set(names)]
    .filter((name) => !tables.some((table) => table.name === name))
    .map((name) => ({ name, rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 0, rowsRetired: 0 }));
}

/** Undefined where the load did not ask for it. */
function rowsFor(run: RunSummary, name: string, config: PipelineConfig): number | undefined {
  const table = [...run.tables, ...emptyTables(run, config)].find((one) => one.name === name);
  return table === undefined ? undefined : brought(table);
}

function brought({ rowsInserted, rowsUpdated }: Counted): number {
  return rowsInserted + rowsUpdated;
}
