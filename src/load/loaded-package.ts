import type { Connection } from '../duckdb/connection.ts';
import { PipelineError } from '../errors.ts';
import type { PackageTable } from '../package/layout.ts';
import { readInfo, readResources } from '../package/package-books.ts';
import { columnsOf } from '../package/package-tables.ts';
import type { PackageContext } from './load-context.ts';

/** The parts of the package that say what to do; it has to be complete, because part of a load is never loaded. */
export async function readWholePackage(connection: Connection, loadId: string) {
  const info = await readInfo(connection);
  const resources = info === undefined ? [] : await readResources(connection);
  const running = resources.find(({ status }) => status === 'running');
  if (info?.load_id === loadId && info.status === 'extracted' && running === undefined) return { info, resources };
  throw new PipelineError({
    code: 'Internal',
    message: `Load package ${loadId} is not attached, or not complete.`,
    hint: 'This is a defect of dezgo-elt: only complete packages are loaded.',
    facts: { loadId, found: info?.load_id, status: info?.status, running: running?.resource },
  });
}

/** For the rows of all tables of the package. */
export async function packageContext(
  connection: Connection,
  loadId: string,
  tables: readonly PackageTable[],
): Promise<PackageContext> {
  const packageColumns = new Map<string, ReadonlySet<string>>();
  for (const { schema, rows } of tables) {
    if (rows > 0) packageColumns.set(schema.name, await columnsOf(connection, schema.name));
  }
  return { connection, loadId, packageColumns, variants: new Map(), contested: new Map() };
}
